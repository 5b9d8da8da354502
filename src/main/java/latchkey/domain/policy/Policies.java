package latchkey.domain.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Ids;
import latchkey.domain.client.ClientView;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// Asks the rules. They are compiled once; a mistake in one stops the start with file, rule and
/// reason.
public final class Policies {
  private final Map<String, Object> data;
  private final RuleFile clientRegistration;
  private final RuleFile authorizationGrant;

  /// Rules that cannot be used; in words for the admin.
  public static final class UnusableRules extends Exception {
    UnusableRules(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private Policies(
      Map<String, Object> data, RuleFile clientRegistration, RuleFile authorizationGrant) {
    this.data = data;
    this.clientRegistration = clientRegistration;
    this.authorizationGrant = authorizationGrant;
  }

  public static Policies load(Map<String, Object> data) throws UnusableRules {
    var cel = new CelExpressions();
    return new Policies(
        data, file("client_registration.yaml", cel), file("authorization_grant.yaml", cel));
  }

  /// Who asks, as far as the network shows it.
  public record Requester(@Nullable String ipAddress, @Nullable String userAgent) {}

  /// @param metadata the RFC 7591 metadata as JSON gives it, absent members absent
  public List<Violation> clientRegistration(Map<String, Object> metadata, Requester requester) {
    var input = input(requester);
    input.put("client_metadata", metadata);
    return clientRegistration.evaluate(input, data);
  }

  /// May this client have this scope for this user? Asked at consent, and again at every refresh.
  public List<Violation> authorizationGrant(
      UserView user, ClientView client, Scope scope, String grantType, Requester requester) {
    var input = input(requester);
    input.put(
        "user",
        Map.<String, Object>of(
            "id",
            Ids.text(user.id()),
            "username",
            user.username(),
            "can_request_admin",
            user.canRequestAdmin()));
    input.put("client", client(client));
    input.put("scope", scope.toString());
    input.put("scopes", List.copyOf(scope.tokens()));
    input.put("grant_type", grantType);
    return authorizationGrant.evaluate(input, data);
  }

  private static Map<String, Object> client(ClientView client) {
    var map = new LinkedHashMap<String, Object>();
    map.put("id", Ids.text(client.id()));
    map.put("client_id", Ids.text(client.id()));
    map.put("is_static", client.isStatic());
    map.put("redirect_uris", client.metadata().redirectUris());
    map.put("grant_types", client.metadata().grantTypes());
    if (client.metadata().name() != null) {
      map.put("client_name", client.metadata().name());
    }
    if (client.metadata().uri() != null) {
      map.put("client_uri", client.metadata().uri());
    }
    return map;
  }

  private static Map<String, Object> input(Requester requester) {
    var who = new LinkedHashMap<String, Object>();
    if (requester.ipAddress() != null) {
      who.put("ip_address", requester.ipAddress());
    }
    if (requester.userAgent() != null) {
      who.put("user_agent", requester.userAgent());
    }
    var input = new LinkedHashMap<String, Object>();
    input.put("requester", who);
    return input;
  }

  private static RuleFile file(String name, CelExpressions cel) throws UnusableRules {
    try (var stream = Policies.class.getResourceAsStream("/policies/" + name)) {
      if (stream == null) {
        throw new IOException("policies/" + name + " is missing");
      }
      var yaml = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return RuleFile.compile(name, yaml, cel);
    } catch (IOException | RuleFile.Unusable e) {
      throw new UnusableRules(String.valueOf(e.getMessage()), e);
    }
  }
}
