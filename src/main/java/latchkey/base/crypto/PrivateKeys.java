package latchkey.base.crypto;

import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

/// Reads private keys in the encodings there are (`configuration.md` 8.2): PEM or DER; PKCS#1,
/// SEC1, PKCS#8, and encrypted PKCS#8.
public final class PrivateKeys {
  private static final Provider PROVIDER = BouncyCastleProviderSingleton.getInstance();
  private static final String PEM = "-----BEGIN ";

  /// Why a key cannot be used, in words that hold nothing of the key and follow its name: "is …".
  public static final class Unreadable extends Exception {
    private final boolean aboutPassword;

    Unreadable(String message) {
      this(message, false);
    }

    private Unreadable(String message, boolean aboutPassword) {
      super(message);
      this.aboutPassword = aboutPassword;
    }

    /// Whether the password is there and wrong, rather than the key.
    public boolean isAboutPassword() {
      return aboutPassword;
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  private PrivateKeys() {}

  /// @param encoded PEM or DER
  /// @param password for an encrypted key; must be absent for one that is not
  public static PrivateKey read(byte[] encoded, Optional<Secret> password) throws Unreadable {
    if (encoded.length == 0) {
      throw new Unreadable("is empty");
    }
    var text = new String(encoded, StandardCharsets.ISO_8859_1);
    var info = text.contains(PEM) ? pem(text, password) : der(encoded, password);
    try {
      return new JcaPEMKeyConverter().setProvider(PROVIDER).getPrivateKey(info);
    } catch (PEMException | IllegalArgumentException | ClassCastException e) {
      throw new Unreadable("is broken, or of a kind that is not known here");
    }
  }

  /// Whether this is PEM, as a key must be that stands in the configuration itself.
  public static boolean isPem(String text) {
    return text.contains(PEM);
  }

  /// Parameters of a curve and certificates may stand before the key.
  private static PrivateKeyInfo pem(String text, Optional<Secret> password) throws Unreadable {
    if (text.contains("BEGIN OPENSSH PRIVATE KEY")) {
      throw new Unreadable(
          "is in OpenSSH's own format; `ssh-keygen -p -m PKCS8 -f FILE` turns it into PKCS#8");
    }
    var found = "holds no private key";
    try (var parser = new PEMParser(new StringReader(text))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo info -> {
            return plain(info, password);
          }
          case PEMKeyPair pair -> {
            return plain(pair.getPrivateKeyInfo(), password);
          }
          case PKCS8EncryptedPrivateKeyInfo encrypted -> {
            return decrypted(encrypted, password);
          }
          case PEMEncryptedKeyPair pair -> {
            return decrypted(pair, password);
          }
          case X509CertificateHolder _ -> found = "is a certificate; a private key is expected";
          case SubjectPublicKeyInfo _ -> found = "is a public key; a private key is expected";
          default -> {}
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable("is broken PEM, or PEM of something else than a private key");
    }
    throw new Unreadable(found);
  }

  private static PrivateKeyInfo plain(PrivateKeyInfo info, Optional<Secret> password)
      throws Unreadable {
    if (password.isPresent()) {
      throw new Unreadable("is not encrypted, although there is a password for it");
    }
    return info;
  }

  private static PrivateKeyInfo decrypted(
      PKCS8EncryptedPrivateKeyInfo key, Optional<Secret> password) throws Unreadable {
    try {
      return key.decryptPrivateKeyInfo(
          new JcePKCSPBEInputDecryptorProviderBuilder()
              .setProvider(PROVIDER)
              .build(required(password)));
    } catch (PKCSException | IllegalArgumentException e) {
      throw wrongPassword();
    }
  }

  /// OpenSSL's older way to encrypt, which is no PKCS#8.
  private static PrivateKeyInfo decrypted(PEMEncryptedKeyPair pair, Optional<Secret> password)
      throws Unreadable {
    try {
      var decryptor =
          new JcePEMDecryptorProviderBuilder().setProvider(PROVIDER).build(required(password));
      return pair.decryptKeyPair(decryptor).getPrivateKeyInfo();
    } catch (IOException | IllegalArgumentException e) {
      throw wrongPassword();
    }
  }

  private static char[] required(Optional<Secret> password) throws Unreadable {
    return password
        .orElseThrow(() -> new Unreadable("is encrypted, and there is no password for it"))
        .reveal()
        .toCharArray();
  }

  private static Unreadable wrongPassword() {
    return new Unreadable("cannot be decrypted with its password", true);
  }

  /// DER does not say what it holds: what can be read as one of these is one.
  private static PrivateKeyInfo der(byte[] encoded, Optional<Secret> password) throws Unreadable {
    for (var form : List.<DerForm>of(PrivateKeys::pkcs8, PrivateKeys::sec1, PrivateKeys::pkcs1)) {
      var info = form.orNull(encoded);
      if (info != null) {
        return plain(info, password);
      }
    }
    PKCS8EncryptedPrivateKeyInfo encrypted;
    try {
      encrypted = new PKCS8EncryptedPrivateKeyInfo(encoded);
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable(otherDer(encoded));
    }
    return decrypted(encrypted, password);
  }

  private static String otherDer(byte[] encoded) {
    if (isReadable(encoded, Certificate::getInstance)) {
      return "is a certificate; a private key is expected";
    } else if (isReadable(encoded, SubjectPublicKeyInfo::getInstance)) {
      return "is a public key; a private key is expected";
    }
    return "is neither PEM nor DER of a private key";
  }

  private interface DerForm {
    PrivateKeyInfo read(byte[] encoded) throws IOException;

    default @Nullable PrivateKeyInfo orNull(byte[] encoded) {
      try {
        return read(encoded);
      } catch (IOException | IllegalArgumentException | ClassCastException e) {
        return null;
      }
    }
  }

  private interface Parser {
    Object parse(byte[] encoded);
  }

  private static boolean isReadable(byte[] encoded, Parser parser) {
    try {
      parser.parse(encoded);
      return true;
    } catch (IllegalArgumentException | ClassCastException e) {
      return false;
    }
  }

  private static PrivateKeyInfo pkcs8(byte[] encoded) throws IOException {
    var info = PrivateKeyInfo.getInstance(encoded);
    info.parsePrivateKey();
    return info;
  }

  private static PrivateKeyInfo sec1(byte[] encoded) throws IOException {
    var key = ECPrivateKey.getInstance(encoded);
    var curve = key.getParametersObject();
    if (curve == null) {
      throw new IOException("a key without its curve");
    }
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
  }

  private static PrivateKeyInfo pkcs1(byte[] encoded) throws IOException {
    var key = RSAPrivateKey.getInstance(encoded);
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), key);
  }
}
