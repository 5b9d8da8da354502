package latchkey.base.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.CertifiedKey;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The certificate of a listener and its key, inline or in files (`configuration.md` 3.5). Files
/// are read when the listener opens and again on SIGHUP, so that a renewed pair needs no restart.
record TlsConfig(
    @Nullable Secret certificate,
    @Nullable String certificateFile,
    @Nullable Secret key,
    @Nullable String keyFile,
    Optional<Secret> password) {
  /// A pair that cannot be used, and why.
  static final class Unusable extends Exception {
    Unusable(String message) {
      super(message);
    }
  }

  static TlsConfig read(Section tls) {
    boolean complete = hasOne(tls, "certificate") & hasOne(tls, "key");
    var config =
        new TlsConfig(
            tls.string("certificate").map(Secret::of).orElse(null),
            tls.value("certificate_file", Kind.FILE).orElse(null),
            tls.string("key").map(Secret::of).orElse(null),
            tls.value("key_file", Kind.FILE).orElse(null),
            tls.secret("password", true));
    boolean readable =
        tls.opensFiles() || (config.certificateFile == null && config.keyFile == null);
    complete &= config.certificate != null || config.certificateFile != null;
    complete &= config.key != null || config.keyFile != null;
    var trouble = readable && complete ? config.trouble() : "";
    tls.rule("", trouble.isEmpty(), "certificate and key must be a usable pair", ": " + trouble);
    return config;
  }

  /// Why the pair cannot be used; empty if it can.
  private String trouble() {
    try {
      load();
      return "";
    } catch (Unusable e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static boolean hasOne(Section tls, String key) {
    boolean one = tls.has(key) != tls.has(key + "_file");
    tls.rule(key, one, "give either " + key + " or " + key + "_file");
    return one;
  }

  /// Reads the pair, anew each time.
  CertifiedKey load() throws Unusable {
    try {
      var chain = CertifiedKey.certificates(bytes("certificate", certificate, certificateFile));
      return CertifiedKey.of(chain, PrivateKeys.read(bytes("key", key, keyFile), password));
    } catch (CertifiedKey.Unusable e) {
      throw new Unusable("the certificate " + e.reason());
    } catch (PrivateKeys.Unreadable e) {
      throw new Unusable("the key " + e.reason());
    }
  }

  private static byte[] bytes(String what, @Nullable Secret inline, @Nullable String file)
      throws Unusable {
    if (inline != null) {
      return inline.reveal().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Files.readAllBytes(Path.of(String.valueOf(file)));
    } catch (IOException e) {
      throw new Unusable("the " + what + " file " + file + " cannot be read");
    }
  }
}
