package latchkey.domain.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.PrivateKeys.Unreadable;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKey;
import latchkey.base.crypto.SigningKeys;

/// Reads `secrets.keys_dir` and then `secrets.keys` (`configuration.md` 8): the last key that fits
/// an algorithm signs, so a key appended to the list comes into use.
final class SigningKeysReader {
  private final Section secrets;
  private final List<SigningKey> keys = new ArrayList<>();

  private SigningKeysReader(Section secrets) {
    this.secrets = secrets;
  }

  static SigningKeys read(Section secrets) {
    var reader = new SigningKeysReader(secrets);
    secrets.string("keys_dir").ifPresent(reader::readFolder);
    secrets.sections("keys").forEach(reader::readEntry);
    return new SigningKeys(reader.keys);
  }

  /// Every file in it, by name; links count as what they lead to, which is how Kubernetes mounts.
  private void readFolder(String folder) {
    if (!secrets.opensFiles()) {
      return;
    }
    try (var files = Files.list(Path.of(folder))) {
      files.filter(Files::isRegularFile).sorted().forEach(this::readFile);
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      secrets.fault("keys_dir", "the directory " + folder + " cannot be read");
    }
  }

  private void readFile(Path file) {
    try {
      keys.add(SigningKey.of(null, PrivateKeys.read(Files.readAllBytes(file), Optional.empty())));
    } catch (IOException e) {
      secrets.fault("keys_dir", "the file " + file + " cannot be read");
    } catch (Unreadable e) {
      secrets.fault("keys_dir", "the file " + file + " " + e.reason());
    }
  }

  private void readEntry(Section entry) {
    var kid = entry.string("kid");
    var password = entry.secret("password", false);
    var encoded = encoded(entry);
    boolean passwordIsShut = entry.has("password_file") && !entry.opensFiles();
    if (encoded.isPresent() && !passwordIsShut) {
      try {
        add(entry, SigningKey.of(kid.orElse(null), PrivateKeys.read(encoded.get(), password)));
      } catch (Unreadable e) {
        tell(entry, e, password);
      }
    }
    entry.warnOfUnknown();
  }

  /// The key itself; empty if there is none to read.
  private static Optional<byte[]> encoded(Section entry) {
    boolean inline = entry.has("key");
    if (inline == entry.has("key_file")) {
      entry.fault(
          "key",
          inline ? "give either key or key_file, not both" : "is missing; give it or key_file");
      return Optional.empty();
    } else if (!inline) {
      return entry.fileContent("key_file");
    }
    var text = entry.string("key");
    if (text.isPresent() && !PrivateKeys.isPem(text.get())) {
      entry.fault("key", "a PEM text is expected here; give key_file for a file in PEM or DER");
      return Optional.empty();
    }
    return text.map(pem -> Secret.of(pem).bytes());
  }

  private void add(Section entry, SigningKey key) {
    if (keys.stream().anyMatch(key::isConfusedWith)) {
      entry.fault(
          entry.has("kid") ? "kid" : "",
          "another key of this type has the id " + key.kid() + " already; give each its own");
    }
    keys.add(key);
  }

  private static void tell(Section entry, Unreadable reason, Optional<Secret> password) {
    if (!reason.isAboutPassword()) {
      entry.fault(entry.has("key") ? "key" : "key_file", reason.reason());
      return;
    }
    boolean newline = password.filter(text -> text.reveal().endsWith("\n")).isPresent();
    entry.fault(
        entry.has("password") ? "password" : "password_file",
        "does not decrypt the key"
            + (newline ? "; it ends in a newline, which counts as part of it" : ""));
  }
}
