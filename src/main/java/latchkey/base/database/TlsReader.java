package latchkey.base.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Section;
import latchkey.base.crypto.CertifiedKey;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;

/// Reads the keys `ssl_*` of the section `database`, on top of what a `uri` or libpq's variables
/// say, and tries whether the certificates and the key can be used.
final class TlsReader {
  private static final List<String> MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /// What there can be.
  ///
  /// @param key in the configuration; with `_file` for the name of a file
  /// @param option of the driver, for the name of a file
  /// @param property of [DatabaseTls], for the text itself
  private record Part(String key, String option, String property) {}

  private static final Part CA = new Part("ssl_ca", "sslrootcert", DatabaseTls.CA);
  private static final Part CERTIFICATE =
      new Part("ssl_certificate", "sslcert", DatabaseTls.CERTIFICATE);
  private static final Part KEY = new Part("ssl_key", "sslkey", DatabaseTls.KEY);

  private final Section section;
  private final Map<String, String> options;
  private final Map<String, Secret> inline = new LinkedHashMap<>();

  /// Nobody knows which of the two is meant, so neither is judged.
  private final Set<Part> ambiguous = new HashSet<>();

  private TlsReader(Section section, Map<String, String> options) {
    this.section = section;
    this.options = options;
  }

  /// Puts the names of files into the options, and answers what is text or secret.
  static Map<String, Secret> read(Section section, Map<String, String> options) {
    var reader = new TlsReader(section, options);
    reader.readMode();
    List.of(CA, CERTIFICATE, KEY).forEach(reader::read);
    var password = options.remove(DatabaseTls.PASSWORD);
    if (password != null) {
      reader.inline.put(DatabaseTls.PASSWORD, Secret.of(password));
    }
    reader.check();
    return reader.inline;
  }

  private void readMode() {
    var mode = section.oneOf("ssl_mode", MODES.toArray(String[]::new));
    mode.ifPresent(name -> options.put("sslmode", name));
    var given = options.get("sslmode");
    if (given != null && !section.has("ssl_mode")) {
      options.put("sslmode", given.toLowerCase(Locale.ROOT));
      if (!MODES.contains(given.toLowerCase(Locale.ROOT))) {
        fault(
            "ssl_mode",
            "sslmode is " + given + "; one of " + String.join(", ", MODES) + " is expected");
      }
    }
  }

  private void read(Part part) {
    var file = section.string(part.key() + "_file");
    var text = section.string(part.key());
    if (file.isPresent() && section.has(part.key())) {
      section.fault(
          part.key(), "give either " + part.key() + " or " + part.key() + "_file, not both");
      ambiguous.add(part);
    }
    if (text.isPresent()) {
      if (!PrivateKeys.isPem(text.get())) {
        section.fault(part.key(), "PEM text is expected; give " + part.key() + "_file for a file");
      }
      options.remove(part.option());
      inline.put(part.property(), Secret.of(text.get()));
      return;
    }
    file.ifPresent(name -> options.put(part.option(), name));
    var given = options.get(part.option());
    if (given != null && PrivateKeys.isPem(given)) {
      // As the service we replace takes it from a variable.
      options.remove(part.option());
      inline.put(part.property(), Secret.of(given));
    }
  }

  private boolean has(Part part) {
    return inline.containsKey(part.property()) || options.containsKey(part.option());
  }

  private void check() {
    if (has(KEY) != has(CERTIFICATE)) {
      fault(
          has(KEY) ? KEY.key() : CERTIFICATE.key(), "a certificate and its key are given together");
    }
    var mode = options.getOrDefault("sslmode", "prefer");
    if (has(CA) && !mode.equals("require") && !mode.startsWith("verify-")) {
      section.warn(
          place(CA.key()),
          "is not looked at under the ssl_mode "
              + mode
              + "; give require, verify-ca or verify-full");
    }
    content(CA).ifPresent(this::checkAuthority);
    var certificate = content(CERTIFICATE);
    var key = content(KEY);
    if (certificate.isPresent() && key.isPresent()) {
      checkClient(certificate.get(), key.get());
    }
  }

  private void checkAuthority(byte[] pem) {
    try {
      CertifiedKey.certificates(pem);
    } catch (CertifiedKey.Unusable e) {
      fault(CA.key(), e.reason());
    }
  }

  private void checkClient(byte[] certificate, byte[] key) {
    var password = Optional.ofNullable(inline.get(DatabaseTls.PASSWORD));
    try {
      CertifiedKey.of(CertifiedKey.certificates(certificate), PrivateKeys.read(key, password));
    } catch (CertifiedKey.Unusable e) {
      fault(CERTIFICATE.key(), e.reason());
    } catch (PrivateKeys.Unreadable e) {
      boolean lacksPassword = password.isEmpty() && e.reason().startsWith("is encrypted");
      fault(KEY.key(), e.reason() + (lacksPassword ? "; a uri may say sslpassword=…" : ""));
    }
  }

  /// What the part says; empty if it says nothing, or files stay shut.
  private Optional<byte[]> content(Part part) {
    if (ambiguous.contains(part)) {
      return Optional.empty();
    }
    var text = inline.get(part.property());
    if (text != null) {
      return PrivateKeys.isPem(text.reveal()) ? Optional.of(text.bytes()) : Optional.empty();
    }
    var file = options.get(part.option());
    return file == null || !section.opensFiles() ? Optional.empty() : content(part, file);
  }

  private Optional<byte[]> content(Part part, String file) {
    try {
      return Optional.of(Files.readAllBytes(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      fault(part.key(), "the file " + file + " cannot be read");
      return Optional.empty();
    }
  }

  private void fault(String key, String problem) {
    section.fault(place(key), problem);
  }

  /// Where it is written: at the key, in the uri, or in a variable, which has no place here.
  private String place(String key) {
    for (var place : List.of(key, key + "_file", "uri")) {
      if (section.has(place)) {
        return place;
      }
    }
    return "";
  }
}
