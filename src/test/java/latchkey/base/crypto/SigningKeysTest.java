package latchkey.base.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningKeysTest {
  private static final PrivateKey RSA = key("RSA");
  private static final PrivateKey P256 = key("secp256r1");
  private static final PrivateKey P384 = key("secp384r1");
  private static final PrivateKey K256 = key("secp256k1");

  @ParameterizedTest
  @CsvSource({
    "RS256, rsa",
    "RS384, rsa",
    "RS512, rsa",
    "PS256, rsa",
    "PS384, rsa",
    "PS512, rsa",
    "ES256, p256",
    "ES384, p384",
    "ES256K, k256"
  })
  void what_an_algorithm_signs_the_published_key_verifies(String algorithm, String kid)
      throws Exception {
    var keys = all();

    var jwt = SignedJWT.parse(keys.sign(algorithm, Map.of("sub", "alice")));

    assertThat(jwt.getHeader().toJSONObject()).isEqualTo(Map.of("alg", algorithm, "kid", kid));
    assertThat(verifies(jwt, published(keys).getKeyByKeyId(kid))).isTrue();
    assertThat(keys.algorithms()).contains(algorithm);
  }

  @Test
  void of_the_keys_that_fit_the_last_one_signs_and_all_are_published() throws Exception {
    var keys =
        new SigningKeys(
            List.of(
                SigningKey.of("old", key("secp256r1")),
                SigningKey.of("rsa", RSA),
                SigningKey.of("new", P256),
                SigningKey.of("other", P384)));

    var jwt = SignedJWT.parse(keys.sign("ES256", Map.of()));

    assertThat(jwt.getHeader().getKeyID()).isEqualTo("new");
    assertThat(published(keys).getKeys())
        .extracting(JWK::getKeyID)
        .containsExactly("old", "rsa", "new", "other");
  }

  @Test
  void without_a_name_a_key_is_called_by_its_thumbprint() throws Exception {
    for (var key : List.of(RSA, P256, P384, K256)) {
      var published = SigningKey.of(null, key).published();

      assertThat(published.getKeyID()).isEqualTo(thumbprint(published.toJSONObject()));
    }
  }

  /// RFC 7638 §3, by hand.
  private static String thumbprint(Map<String, Object> jwk) throws Exception {
    var required = new TreeMap<String, Object>();
    for (var member : List.of("e", "kty", "n", "crv", "x", "y")) {
      if (jwk.containsKey(member)) {
        required.put(member, jwk.get(member));
      }
    }
    var json = new StringBuilder();
    required.forEach(
        (name, value) ->
            json.append(json.isEmpty() ? "{" : ",").append("\"" + name + "\":\"" + value + "\""));
    var digest =
        MessageDigest.getInstance("SHA-256")
            .digest(json.append("}").toString().getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  @Test
  void a_published_key_has_its_use_and_its_name_but_neither_algorithm_nor_private_half() {
    for (var key : published(all()).getKeys()) {
      assertThat(key.toJSONObject().keySet())
          .isSubsetOf("kty", "use", "kid", "n", "e", "crv", "x", "y")
          .contains("kty", "use", "kid");
      assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
    }
  }

  @Test
  void a_key_given_twice_is_published_once_and_counts_where_it_comes_last() throws Exception {
    var twin = SigningKey.of(null, P256);
    var keys =
        new SigningKeys(
            List.of(twin, SigningKey.of("other", key("secp256r1")), SigningKey.of(null, P256)));

    var jwt = SignedJWT.parse(keys.sign("ES256", Map.of()));

    assertThat(jwt.getHeader().getKeyID()).isEqualTo(twin.kid());
    assertThat(published(keys).getKeys())
        .extracting(JWK::getKeyID)
        .containsExactly("other", twin.kid());
  }

  @Test
  void an_algorithm_without_a_key_is_not_offered() throws Exception {
    var keys = new SigningKeys(List.of(SigningKey.of(null, P384)));

    assertThat(keys.algorithms()).containsExactly("ES384");
    assertThatThrownBy(() -> keys.sign("RS256", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothing_of_a_key_is_printed() throws Exception {
    assertThat(SigningKey.of("name", P256)).hasToString("SigningKey[name]");
    assertThat(all().toString()).doesNotContain("\"d\"");
  }

  private static SigningKeys all() {
    try {
      return new SigningKeys(
          List.of(
              SigningKey.of("rsa", RSA),
              SigningKey.of("p256", P256),
              SigningKey.of("p384", P384),
              SigningKey.of("k256", K256)));
    } catch (PrivateKeys.Unreadable e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWKSet published(SigningKeys keys) {
    try {
      return JWKSet.parse(new String(keys.jwks(), StandardCharsets.UTF_8));
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean verifies(SignedJWT jwt, JWK key) throws Exception {
    if (key.getKeyType().getValue().equals("RSA")) {
      return jwt.verify(new RSASSAVerifier(key.toRSAKey()));
    }
    var elliptic = key.toECKey();
    var verifier =
        new ECDSAVerifier(
            (ECPublicKey) elliptic.toECPublicKey(BouncyCastleProviderSingleton.getInstance()));
    verifier.getJCAContext().setProvider(BouncyCastleProviderSingleton.getInstance());
    return jwt.verify(verifier);
  }

  private static PrivateKey key(String type) {
    return KeyEncoding.pair(type).getPrivate();
  }
}
