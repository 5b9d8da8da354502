package latchkey.domain.upstream;

import static latchkey.domain.upstream.CheckSignature.untrusted;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;
import org.jspecify.annotations.Nullable;

/// Proves an ID token (OpenID Connect Core §3.1.3.7), in the order of the specification.
@Singleton
class CheckIdToken {
  private static final String ID_TOKEN = "its ID token";

  /// How far its clock and ours may be apart.
  static final Duration SKEW = Duration.ofMinutes(2);

  private static final int LONGEST_SUBJECT = 255;

  private final CheckSignature signature;
  private final Clock clock;

  CheckIdToken(CheckSignature signature, Clock clock) {
    this.signature = signature;
    this.clock = clock;
  }

  /// What an ID token came with.
  ///
  /// @param nonce that was sent; empty if none was
  /// @param code it was given for; empty at a refresh
  record Beside(Optional<Secret> nonce, Optional<Secret> accessToken, Optional<Secret> code) {}

  /// Its claims.
  ///
  /// @throws ProviderProblem if it proves nothing
  Map<String, @Nullable Object> handle(ProviderConfig provider, Secret idToken, Beside beside) {
    var algorithm = provider.idTokenAlgorithm();
    var claims = signature.handle(provider, algorithm, idToken.reveal(), ID_TOKEN);
    requireIssuer(provider, claims, ID_TOKEN);
    requireAudience(provider, claims, ID_TOKEN);
    requireTime(provider, claims);
    requireSubject(provider, claims);
    requireNonce(provider, claims, beside.nonce);
    requireHash(provider, algorithm, claims, "at_hash", beside.accessToken);
    requireHash(provider, algorithm, claims, "c_hash", beside.code);
    return claims;
  }

  // OpenID Connect Core §3.1.3.7, 2
  static void requireIssuer(
      ProviderConfig provider, Map<String, @Nullable Object> claims, String what) {
    var expected = provider.issuer();
    if (expected.isPresent() && !expected.get().equals(claims.get("iss"))) {
      throw untrusted(
          provider,
          "%s is of the issuer %s, not %s"
              .formatted(what, shown(claims.get("iss")), expected.get()));
    }
  }

  // OpenID Connect Core §3.1.3.7, 3 to 5
  static void requireAudience(
      ProviderConfig provider, Map<String, @Nullable Object> claims, String what) {
    var audience = claims.get("aud");
    List<?> all = audience instanceof List<?> list ? list : List.of(String.valueOf(audience));
    if (!all.contains(provider.clientId())) {
      throw untrusted(provider, what + " is for " + shown(audience) + ", and not for client_id");
    }
    var party = claims.get("azp");
    if (party == null ? all.size() > 1 : !provider.clientId().equals(party)) {
      throw untrusted(provider, what + " was given to " + shown(party) + " (azp), and not to us");
    }
  }

  // OpenID Connect Core §3.1.3.7, 9 and 10
  private void requireTime(ProviderConfig provider, Map<String, @Nullable Object> claims) {
    var now = clock.instant();
    var expires = instant(claims.get("exp"));
    var issued = instant(claims.get("iat"));
    if (expires.isEmpty() || issued.isEmpty()) {
      throw untrusted(provider, "its ID token does not say when it was issued and expires");
    }
    if (!expires.get().isAfter(now.minus(SKEW))) {
      throw untrusted(
          provider, "its ID token has expired " + apart(expires.get(), now) + " ago" + clocks());
    }
    requireNotInFuture(provider, issued.get(), now);
    instant(claims.get("nbf")).ifPresent(then -> requireNotInFuture(provider, then, now));
  }

  private static void requireNotInFuture(ProviderConfig provider, Instant then, Instant now) {
    if (then.isAfter(now.plus(SKEW))) {
      throw untrusted(
          provider, "its ID token is from " + apart(now, then) + " in the future" + clocks());
    }
  }

  private static String apart(Instant one, Instant other) {
    return Duration.between(one, other).toSeconds() + " s";
  }

  private static String clocks() {
    return "; is its clock right, and ours? Two minutes are let pass";
  }

  // OpenID Connect Core §2
  private static void requireSubject(
      ProviderConfig provider, Map<String, @Nullable Object> claims) {
    if (!(claims.get("sub") instanceof String subject)
        || subject.isEmpty()
        || subject.length() > LONGEST_SUBJECT) {
      throw untrusted(provider, "its ID token names nobody (sub)");
    }
  }

  // OpenID Connect Core §3.1.3.7, 11
  private static void requireNonce(
      ProviderConfig provider, Map<String, @Nullable Object> claims, Optional<Secret> sent) {
    if (sent.isPresent()
        && !(claims.get("nonce") instanceof String nonce && sent.get().equals(Secret.of(nonce)))) {
      throw untrusted(provider, "its ID token is not for this sign-in (nonce)");
    }
  }

  // OpenID Connect Core §3.1.3.8, §3.3.2.11
  private static void requireHash(
      ProviderConfig provider,
      String algorithm,
      Map<String, @Nullable Object> claims,
      String name,
      Optional<Secret> value) {
    var hash = claims.get(name);
    // Nobody has said which hash belongs to Ed448.
    if (hash == null || value.isEmpty() || algorithm.equals("Ed448")) {
      return;
    }
    // Ed25519 hashes with SHA-512.
    var hashing = algorithm.startsWith("Ed") ? "HS512" : algorithm;
    var expected = SigningKeys.leftHalfHash(hashing, value.get().reveal());
    if (!(hash instanceof String text)
        || !MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.US_ASCII), text.getBytes(StandardCharsets.UTF_8))) {
      throw untrusted(provider, "its ID token does not belong to what it came with (" + name + ")");
    }
  }

  /// RFC 7519 §2, NumericDate. Empty too of what no calendar has.
  static Optional<Instant> instant(@Nullable Object claim) {
    return claim instanceof Number seconds && Math.abs(seconds.doubleValue()) < 1e11
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  /// Of issuers and clients, which are no secrets.
  private static String shown(@Nullable Object claim) {
    return claim == null ? "nobody" : ProviderMetadata.cut(String.valueOf(claim));
  }
}
