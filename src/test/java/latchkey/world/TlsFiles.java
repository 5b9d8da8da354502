package latchkey.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A certificate of our own making and its key, in two PEM files.
public record TlsFiles(Path folder) {
  public Path certificate() {
    return folder.resolve("tls.pem");
  }

  public Path key() {
    return folder.resolve("tls.key");
  }

  /// A new pair in place of the old one, for `localhost` and with this common name.
  public void write(String commonName) {
    var pair = KeyEncoding.pair("secp256r1");
    try {
      Files.writeString(certificate(), Certificates.selfSigned(commonName, pair, "localhost"));
      Files.writeString(key(), KeyEncoding.PKCS8_PEM.text(pair.getPrivate(), ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
