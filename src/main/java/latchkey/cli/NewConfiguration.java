package latchkey.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.HexFormat;
import java.util.Map;
import latchkey.base.config.YamlWriter;
import latchkey.base.system.Randomness;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/// A complete configuration with secrets and keys that nobody has used before. Two are never the
/// same.
public final class NewConfiguration {
  private static final int RSA_BITS = 2048;
  private static final int SECRET_LENGTH = 32;
  private static final String KEY_INDENT = " ".repeat(8);

  private static final String TEMPLATE =
      """
      http:
        # The URL under which browsers and clients reach this service.
        public_base: http://[::]:8080/
        issuer: http://[::]:8080/
        # Whose X-Forwarded-For is believed.
        trusted_proxies:
          - 192.168.0.0/16
          - 172.16.0.0/12
          - 10.0.0.0/10
          - 127.0.0.1/8
          - fd00::/8
          - ::1/128
        listeners:
          - name: web
            resources:
              - name: discovery
              - name: human
              - name: oauth
              - name: compat
              - name: assets
            binds:
              - address: "[::]:8080"
          - name: internal
            resources:
              - name: health
            binds:
              - host: localhost
                port: 8081

      database:
        uri: postgresql://
        max_connections: 10
        min_connections: 0
        connect_timeout: 30
        idle_timeout: 600
        max_lifetime: 1800

      matrix:
        kind: synapse
        # The server name, as it stands in Matrix ids.
        homeserver: %s
        # Shared with the homeserver.
        secret: %s
        # Where this service reaches the homeserver.
        endpoint: %s

      %s
      secrets:
        # Encrypts cookies and stored secrets; it cannot be changed later.
        encryption: %s
        # Of the keys that fit an algorithm the last one signs: to rotate, append.
        keys:
      %s""";

  private static final String EMAIL =
      """
      email:
        # No mail leaves the house; smtp and sendmail do better.
        transport: blackhole
      """;

  private static final String PASSWORDS =
      """
      passwords:
        enabled: true
        minimum_complexity: 3
        schemes:
          - version: 1
            algorithm: argon2id
      """;

  private final Randomness randomness;

  public NewConfiguration(Randomness randomness) {
    this.randomness = randomness;
  }

  /// The section `secrets` alone.
  public String secrets() {
    var text = text();
    return text.substring(text.indexOf("\nsecrets:") + 1);
  }

  public String text() {
    return text("localhost:8008", "http://localhost:8008/", Map.of());
  }

  /// @param homeserver the server name
  /// @param endpoint where the homeserver is reached
  /// @param sections what else is known already, in place of what would stand there
  public String text(
      String homeserver, String endpoint, Map<String, Map<String, Object>> sections) {
    var more = new StringBuilder();
    if (!sections.containsKey("email")) {
      more.append(EMAIL).append('\n');
    }
    if (!sections.containsKey("passwords")) {
      more.append(PASSWORDS).append('\n');
    }
    sections.forEach(
        (name, section) -> more.append(YamlWriter.write(Map.of(name, section))).append('\n'));
    var encryption = HexFormat.of().formatHex(randomness.bytes(32));
    try {
      return TEMPLATE.formatted(
          quoted(homeserver),
          quoted(randomness.alphanumeric(SECRET_LENGTH)),
          quoted(endpoint),
          more.toString().stripTrailing() + "\n",
          quoted(encryption),
          keys());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys", e);
    }
  }

  /// Quoted: a secret of nothing but digits is a text all the same.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String keys() throws GeneralSecurityException {
    // The JDK makes no keys of secp256k1.
    var bouncyCastle = new BouncyCastleProvider();
    var keys = new StringBuilder(key(rsa()));
    for (var curve : new String[] {"secp256r1", "secp384r1", "secp256k1"}) {
      keys.append(key(elliptic(curve, bouncyCastle)));
    }
    return keys.toString();
  }

  private static PrivateKey rsa() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4));
    return generator.generateKeyPair().getPrivate();
  }

  private static PrivateKey elliptic(String curve, Provider provider)
      throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair().getPrivate();
  }

  private static String key(PrivateKey key) {
    var pem = new StringWriter();
    try (var writer = new JcaPEMWriter(pem)) {
      writer.writeObject(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "    - key: |\n" + pem.toString().indent(KEY_INDENT.length());
  }
}
