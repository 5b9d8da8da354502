package latchkey.base.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import latchkey.world.Certificates;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PrivateKeysTest {
  /// Letters outside ASCII and a newline at the end belong to it.
  private static final String PASSWORD = "gehéim und lang\n";

  private static final Map<String, KeyPair> PAIRS = new HashMap<>();

  static Stream<Arguments> keys() {
    return Stream.of("RSA", "secp256r1", "secp384r1", "secp256k1")
        .flatMap(type -> Arrays.stream(KeyEncoding.values()).map(how -> arguments(type, how)));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void a_key_is_the_same_in_every_encoding(String type, KeyEncoding how) throws Exception {
    var pair = pair(type);
    var password = how.isEncrypted() ? Optional.of(Secret.of(PASSWORD)) : Optional.<Secret>empty();

    var key = PrivateKeys.read(how.encode(pair.getPrivate(), PASSWORD), password);

    var published = SigningKey.of("name", key).published().toJSONObject();
    assertThat(published).containsAllEntriesOf(publicHalf(pair)).containsEntry("kid", "name");
    assertThat(published).doesNotContainKeys("d", "p", "q", "alg");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void an_encrypted_key_wants_its_password_and_a_plain_one_wants_none(
      String type, KeyEncoding how) {
    var encoded = how.encode(pair(type).getPrivate(), PASSWORD);

    if (how.isEncrypted()) {
      assertThat(refusal(encoded, Optional.empty()))
          .isEqualTo("is encrypted, and there is no password for it");
      assertThat(refusal(encoded, Optional.of(Secret.of(PASSWORD.strip()))))
          .isEqualTo("cannot be decrypted with its password");
    } else {
      assertThat(refusal(encoded, Optional.of(Secret.of(PASSWORD))))
          .isEqualTo("is not encrypted, although there is a password for it");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "secp256r1", "Ed25519"})
  void a_public_key_is_told_from_a_private_one(String type) {
    var der = pair(type).getPublic().getEncoded();

    for (var encoded : new byte[][] {der, KeyEncoding.pem("PUBLIC KEY", der)}) {
      assertThat(refusal(encoded, Optional.empty()))
          .isEqualTo("is a public key; a private key is expected");
    }
  }

  @Test
  void a_certificate_is_told_from_a_private_key() throws Exception {
    var pem = Certificates.selfSigned("x", pair("secp256r1"));
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));

    for (var encoded : new byte[][] {der, pem.getBytes(StandardCharsets.US_ASCII)}) {
      assertThat(refusal(encoded, Optional.empty()))
          .isEqualTo("is a certificate; a private key is expected");
    }
  }

  @Test
  void a_key_after_its_certificate_and_between_windows_line_ends_is_found() throws Exception {
    var pair = pair("secp256r1");
    var text =
        Certificates.selfSigned("x", pair) + KeyEncoding.PKCS8_PEM.text(pair.getPrivate(), "");

    var key =
        PrivateKeys.read(
            text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII), Optional.empty());

    assertThat(SigningKey.of(null, key).published().toJSONObject())
        .containsAllEntriesOf(publicHalf(pair));
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyEncoding.class,
      names = {"PKCS8_PEM", "PKCS8_DER", "TRADITIONAL_PEM", "TRADITIONAL_DER"})
  void half_a_key_is_none(KeyEncoding how) {
    var encoded = how.encode(pair("secp384r1").getPrivate(), "");

    assertThat(refusal(Arrays.copyOf(encoded, encoded.length / 2), Optional.empty()))
        .matches("is broken PEM.*|is neither PEM nor DER of a private key|holds no private key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
  void nonsense_is_refused(String text) {
    assertThat(refusal(text.getBytes(StandardCharsets.US_ASCII), Optional.empty()))
        .matches("is broken.*|is neither PEM nor DER of a private key|is empty");
  }

  @Test
  void openssh_has_a_format_of_its_own() {
    var text = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

    assertThat(refusal(text.getBytes(StandardCharsets.US_ASCII), Optional.empty()))
        .contains("OpenSSH", "ssh-keygen -p -m PKCS8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp521r1", "secp224r1", "Ed25519", "Ed448", "X25519", "RSASSA-PSS"})
  void a_key_of_another_kind_cannot_sign_and_is_told_which_can(String type) throws Exception {
    var key = PrivateKeys.read(pair(type).getPrivate().getEncoded(), Optional.empty());

    assertThatThrownBy(() -> SigningKey.of(null, key))
        .isInstanceOf(PrivateKeys.Unreadable.class)
        .hasMessage(
            "is of the kind "
                + Map.of("secp521r1", "P-521", "secp224r1", "EC").getOrDefault(type, type)
                + "; an RSA, P-256, P-384 or secp256k1 key is expected");
  }

  @Test
  void an_rsa_key_that_is_too_short_to_sign_is_refused() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    var key =
        PrivateKeys.read(generator.generateKeyPair().getPrivate().getEncoded(), Optional.empty());

    assertThatThrownBy(() -> SigningKey.of(null, key))
        .hasMessage("is an RSA key of 1024 bits; at least 2048 are expected");
  }

  private static KeyPair pair(String type) {
    return PAIRS.computeIfAbsent(type, KeyEncoding::pair);
  }

  private static String refusal(byte[] encoded, Optional<Secret> password) {
    try {
      var key = PrivateKeys.read(encoded, password);
      throw new AssertionError("was read as a key of the kind " + key.getAlgorithm());
    } catch (PrivateKeys.Unreadable e) {
      return e.reason();
    }
  }

  private static Map<String, Object> publicHalf(KeyPair pair) {
    if (pair.getPublic() instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).build().toJSONObject();
    }
    var elliptic = (ECPublicKey) pair.getPublic();
    var curve = Curve.forECParameterSpec(elliptic.getParams());
    return new ECKey.Builder(curve, elliptic).build().toJSONObject();
  }
}
