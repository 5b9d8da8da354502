package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.Section;
import latchkey.base.crypto.SigningKeys;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsConfigTest {
  private static final String WARNING = "an RSA key should be among them";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void without_an_rsa_key_one_is_warned_because_most_clients_need_it() throws Exception {
    assertThat(warnings("")).contains(WARNING);
    assertThat(warnings(rsaKey())).doesNotContain(WARNING);
  }

  @Test
  void who_names_no_algorithm_gets_rs256_or_the_first_there_is() throws Exception {
    var curve = ecKey("secp384r1");

    assertThat(keys(curve).choose(null)).contains("ES384");
    assertThat(keys(curve).choose("RS256")).isEmpty();
    assertThat(keys(curve + ", " + rsaKey()).choose(null)).contains("RS256");
    assertThat(keys(curve + ", " + rsaKey()).choose("ES384")).contains("ES384");
    assertThat(keys("").choose(null)).isEmpty();
  }

  @Test
  void only_what_one_of_the_keys_has_signed_is_ours() throws Exception {
    var ours = keys(ecKey("secp256k1") + ", " + rsaKey());
    var claims = Map.<String, Object>of("sub", "x");

    for (var algorithm : List.of("RS256", "PS512", "ES256K")) {
      assertThat(ours.verify(ours.sign(algorithm, claims))).as(algorithm).contains(claims);
      assertThat(keys(ecKey("secp256k1") + ", " + rsaKey()).verify(ours.sign(algorithm, claims)))
          .as(algorithm)
          .isEmpty();
    }
    assertThat(ours.verify("eyJhbGciOiJub25lIn0.e30.")).isEmpty();
    assertThat(ours.verify("no")).isEmpty();
  }

  private SigningKeys keys(String keys) throws IOException {
    return SecretsConfig.read(root(keys)).signingKeys();
  }

  private Section root(String keys) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("secrets.yaml"),
            "secrets: {encryption: '" + "ab".repeat(32) + "', keys: [" + keys + "]}\n");
    return Configuration.load(List.of(file), Map.of()).root(true);
  }

  private String warnings(String key) throws IOException {
    var root = root(key);
    SecretsConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    return String.join("\n", root.faults().warnings().stream().map(Fault::problem).toList());
  }

  private static String rsaKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return key(generator);
  }

  /// Bouncy Castle's, because it writes the public half too.
  private static String ecKey(String curve) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve));
    return key(generator);
  }

  private static String key(KeyPairGenerator generator) {
    var pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8);
    var pem = "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
    return "{key: \"" + pem.replace("\n", "\\n") + "\"}";
  }
}
