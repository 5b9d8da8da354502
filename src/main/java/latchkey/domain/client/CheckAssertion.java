package latchkey.domain.client;

import com.nimbusds.jwt.JWTClaimsSet;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.MacSignature;
import latchkey.base.crypto.PublicKeys;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Routes;
import org.jspecify.annotations.Nullable;

/// Whether an assertion proves its client (RFC 7523 §3, OpenID Connect Core §9). Each counts once,
/// on whichever replica.
@Singleton
class CheckAssertion {
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
  private static final int LONGEST_ID = 256;

  private final ClientKeys keys;
  private final UsedAssertionRepository used;
  private final Encryption encryption;
  private final Clock clock;
  private final Set<String> audiences;

  CheckAssertion(
      ClientKeys keys,
      UsedAssertionRepository used,
      Encryption encryption,
      HttpConfig http,
      Clock clock) {
    this.keys = keys;
    this.used = used;
    this.encryption = encryption;
    this.clock = clock;
    this.audiences =
        List.of(
                http.issuer(),
                http.url(Routes.TOKEN),
                http.url(Routes.INTROSPECT),
                http.url(Routes.REVOKE))
            .stream()
            .map(CheckAssertion::withoutSlash)
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean handle(ClientAssertion assertion, ClientView client) {
    var now = clock.instant();
    var claims = assertion.claims();
    return isOfClient(claims)
        && isForUs(claims)
        && isOfNow(claims, now)
        && isSigned(assertion, client)
        && isNew(claims, client);
  }

  // RFC 7523 §3, 1 and 2
  private static boolean isOfClient(JWTClaimsSet claims) {
    return claims.getSubject().equals(claims.getIssuer());
  }

  // RFC 7523 §3, 3
  private boolean isForUs(JWTClaimsSet claims) {
    return claims.getAudience().stream()
        .map(CheckAssertion::withoutSlash)
        .anyMatch(audiences::contains);
  }

  // RFC 7523 §3, 4 to 6
  private static boolean isOfNow(JWTClaimsSet claims, Instant now) {
    var expires = instant(claims.getExpirationTime());
    return expires != null
        && expires.isAfter(now.minus(SKEW))
        && !expires.isAfter(now.plus(LONGEST_LIFE).plus(SKEW))
        && isPast(claims.getNotBeforeTime(), now)
        && isPast(claims.getIssueTime(), now);
  }

  // RFC 7523 §3, 9
  private boolean isSigned(ClientAssertion assertion, ClientView client) {
    var jwt = assertion.jwt();
    if (assertion.method().equals(AuthMethod.SECRET_JWT)) {
      var encrypted = client.encryptedSecret();
      return encrypted != null && MacSignature.verifies(jwt, encryption.decrypt(encrypted).bytes());
    }
    return keys.candidates(client, jwt.getHeader()).stream()
        .anyMatch(key -> PublicKeys.verifies(jwt, key));
  }

  // RFC 7523 §3, 7; OpenID Connect Core §9 wants it
  private boolean isNew(JWTClaimsSet claims, ClientView client) {
    var id = claims.getJWTID();
    if (id == null || id.isEmpty() || id.length() > LONGEST_ID) {
      return false;
    }
    try {
      return used.add(
          Digest.sha256(client.id() + "/" + id), claims.getExpirationTime().toInstant().plus(SKEW));
    } catch (SQLException e) {
      throw OAuthProblem.temporarilyUnavailable(
          DatabaseState.RETRY_AFTER, "whether an assertion was used is not known", e);
    }
  }

  private static boolean isPast(@Nullable Date time, Instant now) {
    return time == null || !time.toInstant().isAfter(now.plus(SKEW));
  }

  private static @Nullable Instant instant(@Nullable Date time) {
    return time == null ? null : time.toInstant();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
