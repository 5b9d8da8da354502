package latchkey.base.crypto;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// What one end of a TLS connection shows: a certificate chain, leaf first, and the key of the
/// leaf.
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
  /// Why certificates cannot be used, in words that follow their name: "holds …".
  public static final class Unusable extends Exception {
    Unusable(String message) {
      super(message);
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  public CertifiedKey {
    chain = List.copyOf(chain);
  }

  /// Every certificate in a PEM text, in its order.
  public static List<X509Certificate> certificates(byte[] pem) throws Unusable {
    var certificates = new ArrayList<X509Certificate>();
    try {
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        certificates.add((X509Certificate) certificate);
      }
    } catch (GeneralSecurityException e) {
      certificates.clear(); // told below
    }
    if (certificates.isEmpty()) {
      throw new Unusable("holds no PEM certificate");
    }
    return certificates;
  }

  /// @throws PrivateKeys.Unreadable if this is not the key of the first certificate: that would
  ///   only show at the first handshake
  public static CertifiedKey of(List<X509Certificate> chain, PrivateKey key)
      throws PrivateKeys.Unreadable {
    var leaf = chain.getFirst().getPublicKey();
    try {
      // As the TLS of this JDK has it: what it does not know cannot be used for TLS.
      var usable =
          KeyFactory.getInstance(leaf.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
      if (isPair(leaf, usable)) {
        return new CertifiedKey(chain, usable);
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw new PrivateKeys.Unreadable("does not belong to the certificate, or is no key for TLS");
  }

  private static boolean isPair(PublicKey leaf, PrivateKey key) throws GeneralSecurityException {
    var algorithm = leaf.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    var message = "latchkey".getBytes(StandardCharsets.US_ASCII);
    var signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(message);
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(leaf);
    verifier.update(message);
    return verifier.verify(signer.sign());
  }

  @Override
  public String toString() {
    return "CertifiedKey[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
