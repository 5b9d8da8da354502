package latchkey.endpoint.oauth2.introspect;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Ids;
import latchkey.base.web.ClientForm;
import latchkey.domain.client.ClientAuthenticator;
import latchkey.domain.client.ClientCredentials;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.session.Activity;
import latchkey.domain.session.SessionKind;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.CheckToken;
import latchkey.domain.token.KnownToken;
import org.jspecify.annotations.Nullable;

/// Answers what a token is worth (RFC 7662 §2.2). Any no is the same short answer; not knowing is
/// none.
@Singleton
class IntrospectToken {
  private static final String INACTIVE = "{\"active\":false}";
  private static final String BEARER = "bearer ";
  private static final int UNAUTHORIZED = 401;

  /// Stands for the client of every compat session.
  private static final String LEGACY = "legacy";

  private final CheckToken checkToken;
  private final Activity activity;
  private final ClientAuthenticator authenticator;
  private final Secret homeserverSecret;
  private final Clock clock;

  IntrospectToken(
      CheckToken checkToken,
      Activity activity,
      ClientAuthenticator authenticator,
      MatrixConfig matrix,
      Clock clock) {
    this.checkToken = checkToken;
    this.activity = activity;
    this.authenticator = authenticator;
    this.homeserverSecret = matrix.secret();
    this.clock = clock;
  }

  /// Lets the homeserver in by the shared secret, and any client that can keep a secret of its own.
  ///
  /// @param ipAddress where the request comes from
  void requireCaller(@Nullable String authorization, ClientForm form, @Nullable String ipAddress) {
    var bearer = bearer(authorization);
    if (bearer.isPresent()) {
      if (!isHomeserver(bearer.get())) {
        throw denied("The bearer token is not the homeserver's.");
      }
      return;
    }
    var credentials =
        ClientCredentials.read(authorization, form)
            .orElseThrow(
                () -> OAuthProblem.of(OAuthError.INVALID_REQUEST, "The caller is not identified."));
    if (authenticator.require(credentials, ipAddress).isPublic()) {
      throw denied("A public client may not introspect tokens.");
    }
  }

  /// The answer's JSON, if the homeserver asks and nothing has to be waited for; empty otherwise.
  Optional<String> recall(@Nullable String authorization, Secret token, boolean knowsDevices) {
    return bearer(authorization).filter(this::isHomeserver).isPresent()
        ? checkToken.recall(token).map(answer -> used(answer, knowsDevices))
        : Optional.empty();
  }

  /// The answer's JSON.
  ///
  /// @param knowsDevices whether the caller reads the member `device_id`
  String handle(Secret token, boolean knowsDevices) {
    return switch (checkToken.handle(token)) {
      case CheckToken.Outcome.Active active -> used(active, knowsDevices);
      case CheckToken.Outcome.Inactive _ -> INACTIVE;
      case CheckToken.Outcome.Unknown(var reason) ->
          throw OAuthProblem.temporarilyUnavailable(DatabaseState.RETRY_AFTER, reason);
    };
  }

  private String used(CheckToken.Outcome.Active answer, boolean knowsDevices) {
    var session = answer.session();
    activity.used(session.kind(), session.id(), clock.instant());
    return session.kind() == SessionKind.COMPAT
        ? compat(answer.token(), session, knowsDevices)
        : oauth(answer.token(), session);
  }

  private String oauth(KnownToken token, SessionSnapshot session) {
    return active(token, session, session.scope(), Ids.text(session.requireClient()))
        .put("jti", Ids.text(jti(token)))
        .encode();
  }

  /// The device of a legacy client may have a name that no scope can carry.
  private String compat(KnownToken token, SessionSnapshot session, boolean knowsDevices) {
    var device = session.deviceId();
    if (device == null || knowsDevices) {
      var json = active(token, session, session.scope(), LEGACY);
      return (device == null ? json : json.put("device_id", device)).encode();
    }
    return MatrixScope.withDevice(session.scope(), device)
        .map(scope -> active(token, session, scope, LEGACY).put("device_id", device).encode())
        .orElse(INACTIVE);
  }

  private JsonObject active(KnownToken token, SessionSnapshot session, Scope scope, String client) {
    long issued = token.issuedAt().getEpochSecond();
    var json =
        new JsonObject()
            .put("active", true)
            .put("scope", MatrixScope.withTwins(scope).toString())
            .put("client_id", client)
            .put("token_type", token.kind().isAccess() ? "access_token" : "refresh_token")
            .put("iat", issued)
            .put("nbf", issued);
    var user = session.user();
    if (user != null) {
      json.put("username", user.username()).put("sub", Ids.text(user.id()));
    }
    if (token.expiresAt() != null) {
      addExpiry(json, token.expiresAt());
    }
    return json;
  }

  private void addExpiry(JsonObject json, Instant expiresAt) {
    long left = Duration.between(clock.instant(), expiresAt).toSeconds();
    json.put("exp", expiresAt.getEpochSecond()).put("expires_in", Math.max(1, left));
  }

  /// An id that every spelling of the token shares: from session, kind and generation.
  private static UUID jti(KnownToken token) {
    var hash =
        ByteBuffer.wrap(
            Digest.sha256(
                token.session() + "/" + token.kind().prefix() + "/" + token.generation()));
    return new UUID(hash.getLong(), hash.getLong());
  }

  private boolean isHomeserver(Secret bearer) {
    return bearer.equals(homeserverSecret);
  }

  private static Optional<Secret> bearer(@Nullable String authorization) {
    return authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? Optional.of(Secret.of(authorization.substring(BEARER.length()).strip()))
        : Optional.empty();
  }

  private static OAuthProblem denied(String description) {
    return OAuthProblem.of(OAuthError.ACCESS_DENIED, UNAUTHORIZED, description);
  }
}
