package latchkey.base.crypto;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/// Reads private keys in the encodings there are (`configuration.md` 8.2): PEM or DER; PKCS#1,
/// SEC1, PKCS#8, and encrypted PKCS#8.
public final class PrivateKeys {
  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  /// Why a key cannot be used, in words that hold nothing of the key.
  public static final class Unreadable extends Exception {
    Unreadable(String message) {
      super(message);
    }
  }

  private PrivateKeys() {}

  /// @param encoded PEM or DER
  /// @param password for an encrypted key; must be absent for one that is not
  public static PrivateKey read(byte[] encoded, Optional<Secret> password) throws Unreadable {
    var text = new String(encoded, StandardCharsets.ISO_8859_1);
    try {
      var info = text.contains("-----BEGIN") ? pem(text, password) : der(encoded, password);
      return new JcaPEMKeyConverter().setProvider(PROVIDER).getPrivateKey(info);
    } catch (PEMException e) {
      throw new Unreadable("is a kind of key that cannot be used");
    }
  }

  private static PrivateKeyInfo pem(String text, Optional<Secret> password) throws Unreadable {
    try (var parser = new PEMParser(new StringReader(text))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        var info = info(object, password);
        if (info != null) {
          return info;
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable("is broken PEM");
    }
    throw new Unreadable("holds no private key");
  }

  /// Parameters of a curve and certificates may stand before the key: null for those.
  private static @Nullable PrivateKeyInfo info(Object object, Optional<Secret> password)
      throws Unreadable, IOException {
    return switch (object) {
      case PrivateKeyInfo info -> plain(info, password);
      case PEMKeyPair pair -> plain(pair.getPrivateKeyInfo(), password);
      case PKCS8EncryptedPrivateKeyInfo encrypted -> decrypted(encrypted, password);
      case PEMEncryptedKeyPair pair -> decrypted(pair, password);
      default -> null;
    };
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
          new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(PROVIDER)
              .build(required(password).reveal().toCharArray()));
    } catch (PKCSException | OperatorCreationException e) {
      throw new Unreadable("cannot be decrypted with its password");
    }
  }

  private static PrivateKeyInfo decrypted(PEMEncryptedKeyPair pair, Optional<Secret> password)
      throws Unreadable {
    try {
      var decryptor =
          new JcePEMDecryptorProviderBuilder()
              .setProvider(PROVIDER)
              .build(required(password).reveal().toCharArray());
      return pair.decryptKeyPair(decryptor).getPrivateKeyInfo();
    } catch (IOException e) {
      throw new Unreadable("cannot be decrypted with its password");
    }
  }

  private static Secret required(Optional<Secret> password) throws Unreadable {
    return password.orElseThrow(() -> new Unreadable("is encrypted; give its password"));
  }

  /// DER does not say what it holds: what can be read as one of these is one.
  private static PrivateKeyInfo der(byte[] encoded, Optional<Secret> password) throws Unreadable {
    for (var form : List.<DerForm>of(PrivateKeys::pkcs8, PrivateKeys::sec1, PrivateKeys::pkcs1)) {
      try {
        return plain(form.read(encoded), password);
      } catch (IOException | IllegalArgumentException | ClassCastException e) {
        // the next form
      }
    }
    try {
      return decrypted(new PKCS8EncryptedPrivateKeyInfo(encoded), password);
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable("is neither PEM nor DER of a private key");
    }
  }

  private interface DerForm {
    PrivateKeyInfo read(byte[] encoded) throws IOException;
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
    var key = org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(encoded);
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.rsaEncryption, org.bouncycastle.asn1.DERNull.INSTANCE),
        key);
  }
}
