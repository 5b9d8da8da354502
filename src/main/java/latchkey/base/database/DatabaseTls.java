package latchkey.base.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.WrappedFactory;

/// TLS to PostgreSQL as libpq understands it: `verify-ca` and `verify-full` check the chain, the
/// weaker modes encrypt for whoever answers. Certificates and keys are PEM, inline or in files. The
/// driver makes one for each connection, so renewed files need no restart; the name of the host
/// under `verify-full` is the driver's own check.
public final class DatabaseTls extends WrappedFactory {
  /// Properties of a connection that hold PEM text, beside libpq's names for files.
  static final String CA = "latchkeyTlsCa";

  static final String CERTIFICATE = "latchkeyTlsCertificate";
  static final String KEY = "latchkeyTlsKey";

  /// Called by the driver, with everything that was said about the connection.
  ///
  /// @throws GeneralSecurityException if a certificate or key cannot be used
  public DatabaseTls(Properties connection) throws GeneralSecurityException, IOException {
    var context = SSLContext.getInstance("TLS");
    boolean verifies = connection.getProperty("sslmode", "").startsWith("verify-");
    context.init(
        keys(connection),
        verifies ? trusted(connection) : new TrustManager[] {new Anybody()},
        null);
    factory = context.getSocketFactory();
  }

  private static TrustManager @Nullable [] trusted(Properties connection)
      throws GeneralSecurityException, IOException {
    var authorities = pem(connection, CA, "sslrootcert");
    if (authorities == null) {
      return null; // those of the Java runtime
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var authority : certificates(authorities)) {
      store.setCertificateEntry("ca-" + store.size(), authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(Properties connection)
      throws GeneralSecurityException, IOException {
    var certificate = pem(connection, CERTIFICATE, "sslcert");
    var key = pem(connection, KEY, "sslkey");
    if (certificate == null || key == null) {
      return null;
    }
    var chain = certificates(certificate);
    var password = Optional.ofNullable(connection.getProperty("sslpassword")).map(Secret::of);
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try {
      var read = PrivateKeys.read(key, password);
      var usable =
          KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(read.getEncoded()));
      store.setKeyEntry("client", usable, new char[0], chain.toArray(X509Certificate[]::new));
    } catch (PrivateKeys.Unreadable e) {
      throw new GeneralSecurityException("the key for the database " + e.getMessage(), e);
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static byte @Nullable [] pem(Properties connection, String inline, String file)
      throws IOException {
    var text = connection.getProperty(inline);
    if (text != null) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var path = connection.getProperty(file);
    return path == null ? null : Files.readAllBytes(Path.of(path));
  }

  private static List<X509Certificate> certificates(byte[] pem) throws GeneralSecurityException {
    var certificates = new ArrayList<X509Certificate>();
    for (var certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      certificates.add((X509Certificate) certificate);
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("there is no PEM certificate");
    }
    return certificates;
  }

  /// `allow`, `prefer` and `require` promise encryption against listeners, not against impostors.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
