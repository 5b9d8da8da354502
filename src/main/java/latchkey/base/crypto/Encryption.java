package latchkey.base.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import latchkey.base.system.Randomness;

/// What `secrets.encryption` protects: client secrets at rest and cookies, each in the form the
/// service we replace wrote them, so that both survive a change of the image.
public final class Encryption {
  private static final int NONCE = 12;
  private static final int GCM_TAG_BITS = 128;
  private static final String COOKIE_INFO = "COOKIE;SIGNED:HMAC-SHA256;PRIVATE:AEAD-AES-256-GCM";

  private final byte[] key;
  private final SecretKeySpec cookieKey;
  private final Randomness randomness;

  /// @param key the 32 bytes of `secrets.encryption`
  public Encryption(byte[] key, Randomness randomness) {
    if (key.length != 32) {
      throw new IllegalArgumentException("the encryption secret must have 32 bytes");
    }
    this.key = key.clone();
    this.randomness = randomness;
    var derived = Hkdf.expand(key, COOKIE_INFO, 64);
    this.cookieKey = new SecretKeySpec(Arrays.copyOfRange(derived, 32, 64), "AES");
  }

  /// Encrypts a secret for the database: base64 of nonce, ChaCha20-Poly1305 ciphertext and tag.
  public String encrypt(Secret secret) {
    var nonce = randomness.bytes(NONCE);
    return Base64.getEncoder()
        .encodeToString(concat(nonce, chacha(Cipher.ENCRYPT_MODE, nonce, secret.bytes())));
  }

  /// Decrypts what [#encrypt] made.
  ///
  /// @throws IllegalStateException if it was encrypted under another secret
  public Secret decrypt(String encrypted) {
    var bytes = Base64.getDecoder().decode(encrypted);
    var nonce = Arrays.copyOf(bytes, NONCE);
    var text = chacha(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(bytes, NONCE, bytes.length));
    return Secret.of(new String(text, StandardCharsets.UTF_8));
  }

  /// Seals the value of the cookie `name`; under another name it will not open.
  public String sealCookie(String name, String value) {
    var nonce = randomness.bytes(NONCE);
    try {
      var sealed =
          gcm(Cipher.ENCRYPT_MODE, nonce, name).doFinal(value.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(concat(nonce, sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a cookie could not be sealed", e);
    }
  }

  /// Opens a cookie; empty if it was not sealed by us under this name.
  public Optional<String> openCookie(String name, String sealed) {
    try {
      var bytes = Base64.getDecoder().decode(sealed);
      if (bytes.length <= NONCE) {
        return Optional.empty();
      }
      var cipher = gcm(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE), name);
      var opened = cipher.doFinal(bytes, NONCE, bytes.length - NONCE);
      return Optional.of(new String(opened, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] chacha(int mode, byte[] nonce, byte[] input) {
    try {
      var cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a stored secret cannot be read: is secrets.encryption the one it was written with?", e);
    }
  }

  private Cipher gcm(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, cookieKey, new GCMParameterSpec(GCM_TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
