package latchkey.world;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.crypto.util.PBKDFConfig;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// The ways there are to write a private key down (`configuration.md` 8.2).
public enum KeyEncoding {
  PKCS8_PEM,
  PKCS8_DER,
  /// As the JDK writes it: of an elliptic curve only the private half.
  PKCS8_WITHOUT_PUBLIC_DER,
  /// PKCS#1 for RSA, SEC1 for elliptic curves.
  TRADITIONAL_PEM,
  TRADITIONAL_DER,
  /// As `openssl ecparam -genkey` writes it.
  TRADITIONAL_AFTER_PARAMETERS_PEM,
  ENCRYPTED_PKCS8_PEM,
  ENCRYPTED_PKCS8_DER,
  SCRYPT_PKCS8_PEM,
  SCRYPT_PKCS8_DER,
  /// OpenSSL's own way, from before PKCS#8.
  ENCRYPTED_TRADITIONAL_PEM;

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
  private static final AlgorithmIdentifier HMAC_SHA256 =
      new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);

  public boolean isPem() {
    return name().endsWith("PEM");
  }

  public boolean isEncrypted() {
    return name().startsWith("ENCRYPTED") || name().startsWith("SCRYPT");
  }

  /// A new pair.
  ///
  /// @param type `RSA`, or what is left of its name a curve, or `Ed25519` and its like
  public static KeyPair pair(String type) {
    try {
      boolean curve = type.startsWith("sec");
      var generator = KeyPairGenerator.getInstance(curve ? "EC" : type, PROVIDER);
      if (curve) {
        generator.initialize(new ECGenParameterSpec(type));
      } else if (type.startsWith("RSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The key as text, in an encoding that is PEM.
  public String text(PrivateKey key, String password) {
    return new String(encode(key, password), StandardCharsets.US_ASCII);
  }

  /// @param password for the encodings that need one
  public byte[] encode(PrivateKey key, String password) {
    try {
      var info = PrivateKeyInfo.getInstance(key.getEncoded());
      var traditional = info.parsePrivateKey().toASN1Primitive().getEncoded();
      boolean rsa = key.getAlgorithm().equals("RSA");
      var label = rsa ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
      return switch (this) {
        case PKCS8_PEM -> pem("PRIVATE KEY", info.getEncoded());
        case PKCS8_DER -> info.getEncoded();
        case PKCS8_WITHOUT_PUBLIC_DER -> rsa ? info.getEncoded() : withoutPublic(info);
        case TRADITIONAL_PEM -> pem(label, traditional);
        case TRADITIONAL_DER -> traditional;
        case TRADITIONAL_AFTER_PARAMETERS_PEM -> rsa ? pem(label, traditional) : after(info);
        case ENCRYPTED_PKCS8_PEM ->
            pem("ENCRYPTED PRIVATE KEY", encrypted(info, pbkdf2(), password).getEncoded());
        case ENCRYPTED_PKCS8_DER -> encrypted(info, pbkdf2(), password).getEncoded();
        case SCRYPT_PKCS8_PEM ->
            pem("ENCRYPTED PRIVATE KEY", encrypted(info, scrypt(), password).getEncoded());
        case SCRYPT_PKCS8_DER -> encrypted(info, scrypt(), password).getEncoded();
        case ENCRYPTED_TRADITIONAL_PEM -> opensslEncrypted(key, password);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] pem(String label, byte[] der) {
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] withoutPublic(PrivateKeyInfo info) throws IOException {
    var key = ECPrivateKey.getInstance(info.parsePrivateKey());
    var octets = ASN1OctetString.getInstance(ASN1Sequence.getInstance(key).getObjectAt(1));
    int bits = octets.getOctets().length * 8;
    return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), new ECPrivateKey(bits, key.getKey()))
        .getEncoded();
  }

  private static byte[] after(PrivateKeyInfo info) throws IOException {
    var curve = info.getPrivateKeyAlgorithm().getParameters().toASN1Primitive().getEncoded();
    var key = info.parsePrivateKey().toASN1Primitive().getEncoded();
    var both =
        new String(pem("EC PARAMETERS", curve), StandardCharsets.US_ASCII)
            + new String(pem("EC PRIVATE KEY", key), StandardCharsets.US_ASCII);
    return both.getBytes(StandardCharsets.US_ASCII);
  }

  private static PBKDFConfig pbkdf2() {
    return new PBKDF2Config.Builder()
        .withPRF(HMAC_SHA256)
        .withIterationCount(2048)
        .withSaltLength(16)
        .build();
  }

  private static PBKDFConfig scrypt() {
    return new ScryptConfig.Builder(1024, 8, 1).withSaltLength(16).build();
  }

  private static PKCS8EncryptedPrivateKeyInfo encrypted(
      PrivateKeyInfo info, PBKDFConfig derivation, String password)
      throws OperatorCreationException {
    var encryptor =
        new JcePKCSPBEOutputEncryptorBuilder(derivation, NISTObjectIdentifiers.id_aes256_CBC)
            .setProvider(PROVIDER)
            .build(password.toCharArray());
    return new PKCS8EncryptedPrivateKeyInfoBuilder(info).build(encryptor);
  }

  private static byte[] opensslEncrypted(PrivateKey key, String password) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          key,
          new JcePEMEncryptorBuilder("AES-256-CBC")
              .setProvider(PROVIDER)
              .build(password.toCharArray()));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
