package latchkey.outage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.domain.token.TokenKey;
import latchkey.world.KeyEncoding;
import org.jspecify.annotations.Nullable;

/// What the configuration of an admin says of keys, as time goes on.
final class Keyring {
  /// Its id.
  static final int DERIVED = 1;

  private Duration publishBefore = Duration.ofMinutes(1);
  private final Map<Integer, TokenKey> tokenKeys = new LinkedHashMap<>();
  private final Map<String, String> signingKeys = new LinkedHashMap<>();

  private boolean derived = true;

  /// With the one token key of a server that lists none.
  Keyring() {}

  /// `latchkey.signing.publish_before`, from the next restart on.
  void publishBefore(Duration time) {
    publishBefore = time;
  }

  TokenKey add(int id, @Nullable Instant mintFrom) {
    var key = new TokenKey(id, secret(id).getBytes(StandardCharsets.UTF_8), mintFrom, false);
    tokenKeys.put(id, key);
    return key;
  }

  TokenKey key(int id) {
    return java.util.Objects.requireNonNull(tokenKeys.get(id));
  }

  void withdraw(int id) {
    tokenKeys.computeIfPresent(
        id, (_, key) -> new TokenKey(id, key.secret(), key.mintFrom(), true));
  }

  void remove(int id) {
    derived = derived && id != DERIVED;
    tokenKeys.remove(id);
  }

  void addSigning(String kid) {
    var pem = KeyEncoding.PKCS8_PEM.text(KeyEncoding.pair("RSA").getPrivate(), "");
    signingKeys.put(kid, pem);
  }

  void removeSigning(String kid) {
    signingKeys.remove(kid);
  }

  String yaml() {
    var yaml = new StringBuilder("latchkey:\n  signing: {publish_before: ");
    yaml.append(publishBefore.toSeconds()).append("}\n");
    if (!tokenKeys.isEmpty()) {
      yaml.append("  token_keys:\n");
      yaml.append(derived ? "    - {id: " + DERIVED + ", derived: true}\n" : "");
    }
    tokenKeys.values().forEach(key -> yaml.append(entry(key)));
    yaml.append("secrets:\n  keys:\n");
    signingKeys.forEach(
        (kid, pem) ->
            yaml.append("    - kid: ")
                .append(kid)
                .append("\n      key: |\n")
                .append(pem.indent(8)));
    return yaml.toString();
  }

  private static String entry(TokenKey key) {
    var mintFrom = key.mintFrom() == null ? "" : ", mint_from: '" + key.mintFrom() + "'";
    return "    - {id: %d, secret: %s, withdrawn: %b%s}\n"
        .formatted(key.id(), secret(key.id()), key.withdrawn(), mintFrom);
  }

  private static String secret(int id) {
    return "a-key-for-tokens-that-are-made-by-replicas-" + id;
  }
}
