package latchkey.base.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The keys that sign ID tokens (`secrets.keys`). Of the keys that fit an algorithm the last one
/// signs, so a key is rotated by appending another; the JWKS lists all of them. One that is held
/// back is listed already and signs later, unless no other fits.
public final class SigningKeys {
  private static final String DEFAULT = JWSAlgorithm.RS256.getName();

  private final List<SigningKey> keys;
  private final byte[] jwks;
  private volatile Predicate<SigningKey> isHeldBack = _ -> false;

  /// @param keys in the order of the configuration; one that comes twice counts where it comes last
  public SigningKeys(List<SigningKey> keys) {
    var distinct = new ArrayList<SigningKey>();
    for (var key : keys) {
      distinct.removeIf(key::isTwinOf);
      distinct.add(key);
    }
    this.keys = List.copyOf(distinct);
    this.jwks =
        new JWKSet(distinct.stream().map(SigningKey::published).toList())
            .toString(true)
            .getBytes(StandardCharsets.UTF_8);
  }

  /// The document `/oauth2/keys.json`, made once.
  public byte[] jwks() {
    return jwks.clone();
  }

  public List<SigningKey> all() {
    return keys;
  }

  /// From now on a key is passed over for as long as this is true of it.
  public void holdBack(Predicate<SigningKey> isHeldBack) {
    this.isHeldBack = isHeldBack;
  }

  /// The algorithms there is a key for, in a stable order.
  public List<String> algorithms() {
    Set<String> offered = new LinkedHashSet<>();
    for (var key : keys) {
      key.algorithms().forEach(algorithm -> offered.add(algorithm.getName()));
    }
    return List.copyOf(offered);
  }

  /// What to sign with for somebody who wants this algorithm, or none in particular: then RS256,
  /// which every client knows, or else the first there is. Empty if no key fits.
  public Optional<String> choose(@Nullable String wanted) {
    var offered = algorithms();
    if (wanted != null) {
      return Optional.of(wanted).filter(offered::contains);
    }
    return offered.contains(DEFAULT) ? Optional.of(DEFAULT) : offered.stream().findFirst();
  }

  /// A compact JWS of the claims, with nothing but `alg` and `kid` in its header.
  ///
  /// @throws IllegalArgumentException if no key fits the algorithm; see [#algorithms()]
  public String sign(String algorithm, Map<String, Object> claims) {
    var wanted = JWSAlgorithm.parse(algorithm);
    var key = lastFitting(wanted);
    try {
      var set = new JWTClaimsSet.Builder();
      claims.forEach(set::claim);
      var header = new JWSHeader.Builder(wanted).keyID(key.kid()).build();
      var jwt = new SignedJWT(header, set.build());
      jwt.sign(key.signer());
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("an ID token could not be signed", e);
    }
  }

  /// The claims of a compact JWS that one of these keys has signed; empty if none has. What the
  /// claims say, such as an expiry, is not looked at.
  public Optional<Map<String, Object>> verify(String compact) {
    try {
      var jwt = SignedJWT.parse(compact);
      for (var key : keys) {
        if (key.algorithms().contains(jwt.getHeader().getAlgorithm())
            && jwt.verify(key.verifier())) {
          return Optional.ofNullable(jwt.getPayload().toJSONObject());
        }
      }
    } catch (ParseException | JOSEException e) {
      // none of ours
    }
    return Optional.empty();
  }

  /// `at_hash` and its like: the left half of the hash that belongs to the algorithm (OpenID
  /// Connect Core §3.1.3.6).
  public static String leftHalfHash(String algorithm, String value) {
    var hash =
        algorithm.endsWith("512") ? "SHA-512" : algorithm.endsWith("384") ? "SHA-384" : "SHA-256";
    try {
      var digest =
          MessageDigest.getInstance(hash).digest(value.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, digest.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + hash, e);
    }
  }

  private SigningKey lastFitting(JWSAlgorithm algorithm) {
    var fitting =
        keys.reversed().stream().filter(key -> key.algorithms().contains(algorithm)).toList();
    return fitting.stream()
        .filter(isHeldBack.negate())
        .findFirst()
        .or(() -> fitting.stream().findFirst())
        .orElseThrow(
            () -> new IllegalArgumentException("no key in secrets.keys fits " + algorithm));
  }
}
