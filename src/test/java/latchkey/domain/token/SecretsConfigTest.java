package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsConfigTest {
  private static final String WARNING = "there is no RSA key";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void without_an_rsa_key_one_is_warned_because_most_clients_need_it() throws Exception {
    assertThat(warnings("")).contains(WARNING);
    assertThat(warnings(rsaKey())).doesNotContain(WARNING);
  }

  private String warnings(String key) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("secrets.yaml"),
            "secrets: {encryption: '" + "ab".repeat(32) + "', keys: [" + key + "]}\n");
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    SecretsConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    return String.join("\n", root.faults().warnings().stream().map(Fault::problem).toList());
  }

  private static String rsaKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8);
    var pem = "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
    return "{key: \"" + pem.replace("\n", "\\n") + "\"}";
  }
}
