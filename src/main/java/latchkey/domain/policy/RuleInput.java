package latchkey.domain.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Ids;
import latchkey.domain.client.AuthMethod;
import latchkey.domain.client.ClientMetadata;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.policy.Policies.CompatLogin;
import latchkey.domain.policy.Policies.Registration;
import latchkey.domain.policy.Policies.Requester;
import latchkey.domain.policy.Policies.SessionCounts;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// What rules see as `input` (`policy.md` 2), and the time. What is unknown is absent: a rule asks
/// with `has(…)`. Times are RFC 3339 texts, for CEL's `timestamp(…)`.
final class RuleInput {
  private RuleInput() {}

  static Map<String, Object> clientRegistration(
      Map<String, Object> metadata, Requester requester, Instant now) {
    var input = input(requester, now);
    input.put("client_metadata", metadata);
    return input;
  }

  static Map<String, Object> authorizationGrant(
      UserView user,
      ClientView client,
      Scope scope,
      Set<String> upstreamScopes,
      String grantType,
      @Nullable SessionCounts counts,
      Requester requester,
      Instant now) {
    var input = input(requester, now);
    input.put("user", user(user));
    input.put("client", client(client));
    input.put("scope", scope.toString());
    input.put("scopes", List.copyOf(scope.tokens()));
    input.put("upstream_scopes", List.copyOf(upstreamScopes));
    input.put("grant_type", grantType);
    if (counts != null) {
      input.put("session_counts", counts(counts));
    }
    return input;
  }

  static Map<String, Object> compatLogin(
      UserView user, CompatLogin login, Requester requester, Instant now) {
    var input = input(requester, now);
    var how = new LinkedHashMap<String, Object>();
    how.put("type", login.type());
    put(how, "redirect_uri", login.redirectUri());
    input.put("user", user(user));
    input.put("login", how);
    input.put("session_replaced", login.sessionReplaced());
    var counts = login.counts();
    if (counts != null) {
      input.put("session_counts", counts(counts));
    }
    return input;
  }

  static Map<String, Object> register(Registration wish, Requester requester, Instant now) {
    var input = input(requester, now);
    input.put("registration_method", wish.method());
    input.put("username", wish.username());
    put(input, "email", wish.email());
    put(input, "email_domain", domain(wish.email()));
    return input;
  }

  /// What stands behind the only `@`; domains are written in any case.
  private static @Nullable String domain(@Nullable String address) {
    int at = address == null ? -1 : address.indexOf('@');
    return address == null || at < 0 || at != address.lastIndexOf('@')
        ? null
        : address.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> counts(SessionCounts counts) {
    return Map.of(
        "total",
        counts.total(),
        "oauth2",
        counts.oauth2(),
        "compat",
        counts.compat(),
        "personal",
        counts.personal());
  }

  /// An input in which nothing is absent.
  static Map<String, Object> sample(Question question, Instant now) {
    var requester = new Requester("203.0.113.1", "Sample/1.0");
    var url = "https://client.invalid/";
    var metadata =
        new ClientMetadata(
            List.of(url),
            GrantType.ALL,
            List.of("code"),
            "web",
            AuthMethod.NONE,
            "Sample",
            url,
            url,
            url,
            url,
            List.of("admin@client.invalid"),
            "sample",
            "1",
            "RS256",
            "RS256",
            url);
    return switch (question) {
      case CLIENT_REGISTRATION -> clientRegistration(registration(metadata), requester, now);
      case AUTHORIZATION_GRANT ->
          authorizationGrant(
              sampleUser(now),
              new ClientView(new UUID(0, 2), metadata, null, null, null, false, now),
              Scope.parse("openid urn:matrix:client:api:*").orElseThrow(),
              Set.of(),
              GrantType.AUTHORIZATION_CODE,
              new SessionCounts(1, 1, 0),
              requester,
              now);
      case REGISTER ->
          register(
              new Registration("upstream-oauth2", "sample", "sample@client.invalid"),
              requester,
              now);
      case COMPAT_LOGIN ->
          compatLogin(
              sampleUser(now),
              new CompatLogin("m.login.sso", url, false, new SessionCounts(1, 1, 0)),
              requester,
              now);
      case UPSTREAM_LOGIN ->
          UpstreamInput.of(UpstreamInput.sample(sampleUser(now)), requester, now);
    };
  }

  private static UserView sampleUser(Instant now) {
    return new UserView(new UUID(0, 1), "sample", now, false, false, false, false);
  }

  static Map<String, Object> input(Requester requester, Instant now) {
    var who = new LinkedHashMap<String, Object>();
    put(who, "ip_address", requester.ipAddress());
    put(who, "user_agent", requester.userAgent());
    var input = new LinkedHashMap<String, Object>();
    input.put("requester", who);
    input.put("time", time(now));
    return input;
  }

  static Map<String, Object> user(UserView user) {
    return Map.of(
        "id",
        Ids.text(user.id()),
        "sub",
        Ids.text(user.id()),
        "username",
        user.username(),
        "created_at",
        time(user.createdAt()),
        "can_request_admin",
        user.canRequestAdmin(),
        "is_guest",
        user.guest());
  }

  private static Map<String, Object> client(ClientView client) {
    var map = registration(client.metadata());
    map.put("id", Ids.text(client.id()));
    map.put("client_id", Ids.text(client.id()));
    map.put("is_static", client.isStatic());
    return map;
  }

  private static Map<String, Object> registration(ClientMetadata metadata) {
    var map = new LinkedHashMap<String, Object>();
    map.put("redirect_uris", metadata.redirectUris());
    map.put("grant_types", metadata.grantTypes());
    map.put("application_type", metadata.applicationType());
    map.put("token_endpoint_auth_method", metadata.authMethod());
    put(map, "client_name", metadata.name());
    put(map, "client_uri", metadata.uri());
    put(map, "logo_uri", metadata.logoUri());
    put(map, "policy_uri", metadata.policyUri());
    put(map, "tos_uri", metadata.tosUri());
    put(map, "id_token_signed_response_alg", metadata.idTokenAlgorithm());
    put(map, "initiate_login_uri", metadata.initiateLoginUri());
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
