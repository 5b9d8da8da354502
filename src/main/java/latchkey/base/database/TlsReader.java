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
import latchkey.base.config.Heard;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.CertifiedKey;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

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
    var given = section.has("ssl_mode") ? null : options.get("sslmode");
    var name = given == null ? "prefer" : given.toLowerCase(Locale.ROOT);
    if (given != null) {
      options.put("sslmode", name);
    }
    elsewhere(
        MODES.contains(name),
        "sslmode is " + given + "; one of " + String.join(", ", MODES) + " is expected");
  }

  private void read(Part part) {
    var name = part.key() + "_file";
    var file = section.value(name, Kind.FILE);
    var text = section.string(part.key());
    boolean both = section.has(name) && section.has(part.key());
    section.rule(part.key(), !both, "give either " + part.key() + " or " + name + ", not both");
    if (both) {
      ambiguous.add(part);
    }
    section.rule(
        part.key(),
        text.map(PrivateKeys::isPem).orElse(true),
        "PEM text is expected; give " + name + " for a file");
    if (text.isPresent()) {
      options.remove(part.option());
      inline.put(part.property(), Secret.of(text.get()));
      return;
    }
    file.ifPresent(path -> options.put(part.option(), path));
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
    rule(
        has(KEY) ? KEY : CERTIFICATE,
        has(KEY) == has(CERTIFICATE),
        "a certificate and its key are given together",
        "");
    var mode = options.getOrDefault("sslmode", "prefer");
    section.advice(
        place(CA),
        !has(CA) || mode.equals("require") || mode.startsWith("verify-"),
        "is looked at only if the ssl_mode is require, verify-ca or verify-full",
        "; it is " + mode);
    checkAuthority(content(CA));
    checkClient(content(CERTIFICATE), content(KEY));
  }

  private void checkAuthority(Optional<byte[]> pem) {
    CertifiedKey.@Nullable Unusable trouble = null;
    try {
      if (pem.isPresent()) {
        CertifiedKey.certificates(pem.get());
      }
    } catch (CertifiedKey.Unusable e) {
      trouble = e;
    }
    ruleOfCertificates(CA, trouble);
  }

  private void checkClient(Optional<byte[]> certificate, Optional<byte[]> key) {
    var password = Optional.ofNullable(inline.get(DatabaseTls.PASSWORD));
    CertifiedKey.@Nullable Unusable ofCertificate = null;
    var ofKey = "";
    try {
      if (certificate.isPresent() && key.isPresent()) {
        CertifiedKey.of(
            CertifiedKey.certificates(certificate.get()), PrivateKeys.read(key.get(), password));
      }
    } catch (CertifiedKey.Unusable e) {
      ofCertificate = e;
    } catch (PrivateKeys.Unreadable e) {
      boolean lacksPassword = password.isEmpty() && e.reason().startsWith("is encrypted");
      ofKey = e.reason() + (lacksPassword ? "; a uri may say sslpassword=…" : "");
    }
    ruleOfCertificates(CERTIFICATE, ofCertificate);
    rule(KEY, ofKey.isEmpty(), "the private key of the certificate is expected", "; this " + ofKey);
  }

  private void ruleOfCertificates(Part part, CertifiedKey.@Nullable Unusable trouble) {
    rule(
        part,
        trouble == null,
        "PEM certificates are expected",
        trouble == null ? "" : "; this " + trouble.reason());
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
    return file == null ? Optional.empty() : content(part, file);
  }

  private Optional<byte[]> content(Part part, String file) {
    var content = section.opensFiles() ? bytes(file) : Optional.<byte[]>empty();
    rule(
        part,
        content.isPresent() || !section.opensFiles(),
        Heard.FILE_EXPECTED,
        ": " + file + " cannot be read");
    return content;
  }

  private static Optional<byte[]> bytes(String file) {
    try {
      return Optional.of(Files.readAllBytes(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /// Told at the key where it is written, if it is written at a key of its own.
  private void rule(Part part, boolean holds, String sentence, String more) {
    if (section.has(place(part))) {
      section.rule(place(part), holds, sentence, more);
    } else {
      elsewhere(holds, sentence + more);
    }
  }

  /// About what stands in the uri, or in a variable, which has no place here.
  private void elsewhere(boolean holds, String trouble) {
    if (section.has("uri")) {
      section.rule("uri", holds, "what it says of TLS must be usable", ": " + trouble);
    } else {
      section.rule("", holds, DatabaseConfig.VARIABLES, ": " + trouble);
    }
  }

  private String place(Part part) {
    return section.has(part.key()) ? part.key() : part.key() + "_file";
  }
}
