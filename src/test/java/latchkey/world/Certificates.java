package latchkey.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Certificates of our own making, as PEM, good for an hour.
public final class Certificates {
  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
  private static final AtomicLong SERIAL = new AtomicLong(Instant.now().toEpochMilli());

  private Certificates() {}

  /// Somebody who vouches for others.
  public record Authority(X500Name name, KeyPair pair) {
    public static Authority called(String name) {
      return new Authority(new X500Name("CN=" + name), KeyEncoding.pair("secp256r1"));
    }

    public String certificate() {
      return make(name, pair, this, true);
    }

    /// @param hosts what the owner is called on the network; names, or addresses in digits
    public String certify(String commonName, KeyPair owner, String... hosts) {
      return make(new X500Name("CN=" + commonName), owner, this, false, hosts);
    }
  }

  public static String selfSigned(String commonName, KeyPair owner, String... hosts) {
    var name = new X500Name("CN=" + commonName);
    return make(name, owner, new Authority(name, owner), false, hosts);
  }

  private static String make(
      X500Name name, KeyPair owner, Authority issuer, boolean authority, String... hosts) {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer.name(),
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.HOURS)),
            name,
            owner.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (hosts.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
      }
      var der = builder.build(signer(issuer.pair().getPrivate())).getEncoded();
      return new String(KeyEncoding.pem("CERTIFICATE", der), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static org.bouncycastle.operator.ContentSigner signer(PrivateKey key)
      throws OperatorCreationException {
    var algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    return new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(key);
  }

  private static GeneralNames names(String[] hosts) {
    return new GeneralNames(
        Arrays.stream(hosts)
            .map(
                host ->
                    new GeneralName(
                        host.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new));
  }

  /// Trusts anybody, for when what is tested is the server.
  public static SSLContext trustingAnybody() {
    var anybody =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {anybody}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
