package latchkey.base.database;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import latchkey.base.crypto.CertifiedKey;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.WrappedFactory;

/// TLS to PostgreSQL as libpq understands it: `verify-ca`, `verify-full`, and `require` with an
/// authority check the chain, the weaker modes encrypt for whoever answers. Certificates and keys
/// are PEM, inline or in files. The driver makes one for each connection, so renewed files need no
/// restart; the name of the host under `verify-full` is the driver's own check.
public final class DatabaseTls extends WrappedFactory {
  /// Properties of a connection that hold PEM text, beside libpq's names for files.
  static final String CA = "latchkeyTlsCa";

  static final String CERTIFICATE = "latchkeyTlsCertificate";
  static final String KEY = "latchkeyTlsKey";
  static final String PASSWORD = "sslpassword";

  /// Why there can be no connection, told when one is tried: of what is thrown by a constructor the
  /// driver tells only that there was something.
  private final @Nullable IOException failure;

  /// Called by the driver, with everything that was said about the connection.
  public DatabaseTls(Properties connection) {
    IOException failed = null;
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(connection), trusted(connection), null);
      factory = context.getSocketFactory();
    } catch (IOException e) {
      failed = e;
    } catch (GeneralSecurityException e) {
      failed = new IOException(e);
    }
    failure = failed;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    if (failure != null) {
      throw failure;
    }
    return super.createSocket(socket, host, port, autoClose);
  }

  private static TrustManager @Nullable [] trusted(Properties connection)
      throws GeneralSecurityException, IOException {
    var mode = connection.getProperty("sslmode", "");
    var authorities = pem(connection, CA, "sslrootcert");
    if (!mode.startsWith("verify-") && (authorities == null || !mode.equals("require"))) {
      return new TrustManager[] {new Anybody()};
    }
    if (authorities == null) {
      return null; // those of the Java runtime
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try {
      for (var authority : CertifiedKey.certificates(authorities)) {
        store.setCertificateEntry("ca-" + store.size(), authority);
      }
    } catch (CertifiedKey.Unusable e) {
      throw new IOException("the authority's certificate " + e.reason(), e);
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
    var password = Optional.ofNullable(connection.getProperty(PASSWORD)).map(Secret::of);
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try {
      var pair =
          CertifiedKey.of(CertifiedKey.certificates(certificate), PrivateKeys.read(key, password));
      var chain = pair.chain().toArray(X509Certificate[]::new);
      store.setKeyEntry("client", pair.key(), new char[0], chain);
    } catch (CertifiedKey.Unusable e) {
      throw new IOException("the client's certificate " + e.reason(), e);
    } catch (PrivateKeys.Unreadable e) {
      throw new IOException("the client's key " + e.reason(), e);
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
    try {
      return path == null ? null : Files.readAllBytes(Path.of(path));
    } catch (IOException e) {
      throw new IOException("the file " + path + " cannot be read", e);
    }
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
