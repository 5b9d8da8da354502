package latchkey.domain.token;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;

/// The section `secrets`: the encryption secret and the keys that sign ID tokens
/// (`configuration.md` 8).
///
/// @param encryption the 32 bytes
public record SecretsConfig(byte[] encryption, SigningKeys signingKeys) {
  private static final int HEX = 64;

  /// OpenID Connect Registration §2: what a client gets that names none.
  private static final String DEFAULT_ALGORITHM = "RS256";

  public SecretsConfig {
    encryption = encryption.clone();
  }

  public static SecretsConfig read(Section root) {
    if (!root.has("secrets")) {
      root.fault("secrets", "is missing");
    }
    var secrets = root.section("secrets");
    var encryption = encryption(root, secrets);
    var keys = keys(secrets);
    if (secrets.has("keys_dir")) {
      secrets.fault("keys_dir", "is not supported yet; list the keys under keys");
    }
    warnOfMissingKeys(secrets, keys);
    secrets.warnOfUnknown();
    return new SecretsConfig(encryption, keys);
  }

  private static void warnOfMissingKeys(Section secrets, SigningKeys keys) {
    if (secrets.opensFiles() && !keys.algorithms().contains(DEFAULT_ALGORITHM)) {
      secrets.warn(
          "keys",
          "there is no RSA key, so clients that ask for an ID token and name no other algorithm"
              + " cannot sign in");
    }
  }

  private static byte[] encryption(Section root, Section secrets) {
    // Not trimmed: with the service we replace, a newline at the end of the file is an error too.
    var text = root.has("secrets") ? secrets.requireSecret("encryption", false) : Secret.of("");
    boolean fromFile = secrets.has("encryption_file");
    boolean valid = text.reveal().length() == HEX && text.reveal().matches("[0-9A-Fa-f]+");
    if (valid) {
      return HexFormat.of().parseHex(text.reveal());
    }
    if (fromFile && secrets.opensFiles()) {
      secrets.fault(
          "encryption_file", "the file must hold exactly 64 hexadecimal digits, without a newline");
    } else if (!fromFile && secrets.has("encryption")) {
      secrets.fault("encryption", "exactly 64 hexadecimal digits are expected");
    }
    return new byte[32];
  }

  private static SigningKeys keys(Section secrets) {
    var sources = new ArrayList<SigningKeys.Source>();
    for (var section : secrets.sections("keys")) {
      if (section.has("password") || section.has("password_file")) {
        section.fault("password", "encrypted keys are not supported yet");
      }
      var pem = section.requireSecret("key", false);
      var kid = section.string("kid").orElse(null);
      if (secrets.opensFiles() || section.has("key")) {
        load(section, new SigningKeys.Source("", kid, pem), sources);
      }
      section.ignore("password_file");
      section.warnOfUnknown();
    }
    try {
      return SigningKeys.load(sources);
    } catch (SigningKeys.UnusableKey e) {
      throw new IllegalStateException("each key was loaded once already", e);
    }
  }

  private static void load(
      Section section, SigningKeys.Source source, List<SigningKeys.Source> sources) {
    try {
      SigningKeys.load(List.of(source));
      sources.add(source);
    } catch (SigningKeys.UnusableKey e) {
      section.fault(
          section.has("key_file") ? "key_file" : "key",
          String.valueOf(e.getMessage()).substring(2));
    }
  }

  @Override
  public String toString() {
    return "SecretsConfig";
  }
}
