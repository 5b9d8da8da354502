package latchkey.base.listener;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Optional;
import latchkey.base.config.Section;
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

  /// A certificate chain, leaf first, and the key of the leaf.
  record Pair(List<X509Certificate> chain, PrivateKey key) {
    Pair {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Pair[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
  }

  static TlsConfig read(Section tls) {
    boolean complete = hasOne(tls, "certificate") & hasOne(tls, "key");
    var config =
        new TlsConfig(
            tls.string("certificate").map(Secret::of).orElse(null),
            tls.string("certificate_file").orElse(null),
            tls.string("key").map(Secret::of).orElse(null),
            tls.string("key_file").orElse(null),
            tls.secret("password", true));
    boolean readable =
        tls.opensFiles() || (config.certificateFile == null && config.keyFile == null);
    if (readable && complete) {
      try {
        config.load();
      } catch (Unusable e) {
        tls.fault("", String.valueOf(e.getMessage()));
      }
    }
    return config;
  }

  private static boolean hasOne(Section tls, String key) {
    boolean one = tls.has(key) != tls.has(key + "_file");
    tls.rule(key, one, "give either " + key + " or " + key + "_file");
    return one;
  }

  /// Reads the pair, anew each time.
  Pair load() throws Unusable {
    var chain = chain(bytes("certificate", certificate, certificateFile));
    try {
      var privateKey = PrivateKeys.read(bytes("key", key, keyFile), password);
      return pair(chain, privateKey);
    } catch (PrivateKeys.Unreadable e) {
      throw new Unusable("the key " + e.getMessage());
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

  private static List<X509Certificate> chain(byte[] pem) throws Unusable {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        chain.add((X509Certificate) certificate);
      }
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw new Unusable("the certificate holds no PEM certificate");
  }

  private static Pair pair(List<X509Certificate> chain, PrivateKey key) throws Unusable {
    var leaf = chain.getFirst().getPublicKey();
    try {
      // As the TLS of this JDK has it: what it does not know cannot be used for TLS.
      var usable =
          KeyFactory.getInstance(leaf.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
      if (isPair(leaf, usable)) {
        return new Pair(chain, usable);
      }
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw new Unusable("the key does not belong to the certificate, or is no key for TLS");
  }

  /// A key of another certificate would only show at the first handshake.
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
}
