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
import org.jspecify.annotations.Nullable;

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
    var trouble = secrets.string("keys_dir").map(reader::readFolder).orElse(List.of());
    secrets.rule(
        "keys_dir",
        trouble.isEmpty(),
        "a directory with nothing but unencrypted private keys is expected",
        ": " + String.join("; ", trouble));
    secrets.sections("keys").forEach(reader::readEntry);
    return new SigningKeys(reader.keys);
  }

  /// Every file in it, by name; links count as what they lead to, which is how Kubernetes mounts.
  /// Answers what cannot be read.
  private List<String> readFolder(String folder) {
    var trouble = new ArrayList<String>();
    if (!secrets.opensFiles()) {
      return trouble;
    }
    try (var files = Files.list(Path.of(folder))) {
      files.filter(Files::isRegularFile).sorted().forEach(file -> readFile(file, trouble));
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      trouble.add(folder + " cannot be read");
    }
    return trouble;
  }

  private void readFile(Path file, List<String> trouble) {
    try {
      keys.add(SigningKey.of(null, PrivateKeys.read(Files.readAllBytes(file), Optional.empty())));
    } catch (IOException e) {
      trouble.add(file + " cannot be read");
    } catch (Unreadable e) {
      trouble.add(file + " " + e.reason());
    }
  }

  private void readEntry(Section entry) {
    var kid = entry.string("kid").orElse(null);
    var password = entry.secret("password", false);
    var encoded = encoded(entry);
    boolean passwordIsShut = entry.has("password_file") && !entry.opensFiles();
    SigningKey key = null;
    Unreadable trouble = null;
    try {
      if (encoded.isPresent() && !passwordIsShut) {
        key = SigningKey.of(kid, PrivateKeys.read(encoded.get(), password));
      }
    } catch (Unreadable e) {
      trouble = e;
    }
    tell(entry, trouble, password);
    add(entry, key);
    entry.warnOfUnknown();
  }

  /// The key itself; empty if there is none to read.
  private static Optional<byte[]> encoded(Section entry) {
    boolean inline = entry.has("key");
    boolean file = entry.has("key_file");
    entry.rule("key", !inline || !file, "give either key or key_file, not both");
    entry.rule("key", inline || file, "is missing; give it or key_file");
    var content = entry.fileContent("key_file");
    var text = entry.string("key");
    boolean isPem = text.map(PrivateKeys::isPem).orElse(true);
    entry.rule(
        "key",
        isPem || file,
        "a PEM text is expected here; give key_file for a file in PEM or DER");
    var pem = isPem ? text.map(Secret::of).map(Secret::bytes) : Optional.<byte[]>empty();
    return inline && file ? Optional.empty() : content.or(() -> pem);
  }

  private void add(Section entry, @Nullable SigningKey key) {
    boolean isConfused = key != null && keys.stream().anyMatch(key::isConfusedWith);
    entry.rule(
        entry.has("kid") ? "kid" : "",
        !isConfused,
        "each key of one type needs an id of its own",
        key == null ? "" : ": there is one with the id " + key.kid() + " already");
    if (key != null) {
      keys.add(key);
    }
  }

  private static void tell(Section entry, @Nullable Unreadable trouble, Optional<Secret> password) {
    boolean wrongPassword = trouble != null && trouble.isAboutPassword();
    entry.rule(
        entry.has("key") ? "key" : "key_file",
        trouble == null || wrongPassword,
        "a private key that can sign is expected",
        trouble == null ? "" : "; this " + trouble.reason());
    boolean newline = password.filter(text -> text.reveal().endsWith("\n")).isPresent();
    entry.rule(
        entry.has("password") ? "password" : "password_file",
        !wrongPassword,
        "must decrypt the key",
        newline ? "; it ends in a newline, which counts as part of it" : "");
  }
}
