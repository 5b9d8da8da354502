package latchkey.domain.token;

import java.time.Duration;
import java.util.HexFormat;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;

/// The section `secrets`: the encryption secret and the keys that sign ID tokens
/// (`configuration.md` 8).
///
/// @param encryption the 32 bytes
/// @param publishBefore how long a new signing key is published before it signs
public record SecretsConfig(byte[] encryption, SigningKeys signingKeys, Duration publishBefore) {
  private static final int HEX = 64;
  private static final int DAY = 86_400;
  private static final int LONGEST_NOTICE = 30 * DAY;

  /// OpenID Connect Registration §2: what a client gets that names none.
  private static final String DEFAULT_ALGORITHM = "RS256";

  public SecretsConfig {
    encryption = encryption.clone();
  }

  public static SecretsConfig read(Section root) {
    root.rule("secrets", root.has("secrets"), "is missing");
    var secrets = root.section("secrets");
    var encryption = encryption(root, secrets);
    var keys = SigningKeysReader.read(secrets);
    warnOfMissingKeys(secrets, keys);
    secrets.warnOfUnknown();
    var signing = root.section("latchkey").section("signing");
    return new SecretsConfig(
        encryption, keys, signing.seconds("publish_before", DAY, 0, LONGEST_NOTICE));
  }

  private static void warnOfMissingKeys(Section secrets, SigningKeys keys) {
    secrets.advice(
        "keys",
        !secrets.opensFiles() || keys.algorithms().contains(DEFAULT_ALGORITHM),
        "an RSA key should be among them: without one, clients that ask for an ID token and name no"
            + " algorithm get it signed in a way that not all of them can check",
        "");
  }

  private static byte[] encryption(Section root, Section secrets) {
    // Not trimmed: with the service we replace, a newline at the end of the file is an error too.
    var text = root.has("secrets") ? secrets.requireSecret("encryption", false) : Secret.of("");
    boolean fromFile = secrets.has("encryption_file");
    boolean valid = text.reveal().length() == HEX && text.reveal().matches("[0-9A-Fa-f]+");
    secrets.rule(
        "encryption_file",
        valid || !fromFile || !secrets.opensFiles(),
        "the file must hold exactly 64 hexadecimal digits, without a newline");
    secrets.rule(
        "encryption",
        valid || fromFile || !secrets.has("encryption"),
        "exactly 64 hexadecimal digits are expected");
    return valid ? HexFormat.of().parseHex(text.reveal()) : new byte[32];
  }

  @Override
  public String toString() {
    return "SecretsConfig";
  }
}
