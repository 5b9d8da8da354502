package latchkey.domain.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Base62;
import latchkey.base.crypto.Secret;

/// Writes and reads tokens: `<prefix>_<key id ‖ SIV ‖ ciphertext in base 62>_<check>`, 91
/// characters. The encryption is deterministic and authenticated (AES-SIV, RFC 5297) with the
/// prefix as associated data, so equal content gives equal text, and nothing that was not made with
/// one of our keys reads as ours.
public final class TokenCodec {
  private static final byte VERSION = 1;
  private static final int PLAIN = 1 + 16 + 4 + 5 + 4 + 8 + 3;
  private static final int SIV = 16;
  private static final int NEVER = -1;
  private static final Base62 BASE62 = new Base62(2 + SIV + PLAIN);
  private static final int FOREIGN_LENGTH = 30;
  private static final byte[] MACAROON = "location ".getBytes(StandardCharsets.US_ASCII);

  private final TokenKeys keys;

  public TokenCodec(TokenKeys keys) {
    this.keys = keys;
  }

  /// The text of a token under the key `keyId`.
  public Secret encode(TokenContent content, int keyId) {
    try {
      var prefix = content.kind().prefix();
      var sealed =
          keys.cipher(keyId).encryptDeterministically(plain(content), bound(prefix, keyId));
      var body = ByteBuffer.allocate(2 + sealed.length).putShort((short) keyId).put(sealed).array();
      var text = prefix + "_" + BASE62.encode(body);
      return Secret.of(text + "_" + CheckDigits.of(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a token could not be computed", e);
    }
  }

  public TokenReading read(String token) {
    var imported = imported(token);
    if (imported.isPresent()) {
      return new TokenReading.Foreign(imported.get());
    }
    var parts = token.split("_", -1);
    if (parts.length != 3 || parts[0].length() != 3 || parts[2].length() != CheckDigits.LENGTH) {
      return new TokenReading.Worthless();
    }
    var kind = TokenKind.withPrefix(parts[0]);
    boolean plausible =
        kind.isPresent()
            && CheckDigits.isAlphanumeric(parts[1])
            && CheckDigits.of(parts[0] + "_" + parts[1]).equals(parts[2]);
    if (!plausible) {
      return new TokenReading.Worthless();
    }
    return parts[1].length() == FOREIGN_LENGTH
        ? new TokenReading.Foreign(kind.get())
        : open(kind.get(), parts[1]);
  }

  private TokenReading open(TokenKind kind, String text) {
    var body = BASE62.decode(text);
    if (body == null) {
      return new TokenReading.Worthless();
    }
    int keyId = ByteBuffer.wrap(body).getShort() & 0xffff;
    var key = keys.find(keyId);
    if (key.isEmpty()) {
      return new TokenReading.UnknownKey(keyId);
    }
    if (key.get().withdrawn()) {
      return new TokenReading.Worthless();
    }
    try {
      var sealed = Arrays.copyOfRange(body, 2, body.length);
      var plain = keys.cipher(keyId).decryptDeterministically(sealed, bound(kind.prefix(), keyId));
      return content(kind, plain)
          .<TokenReading>map(content -> new TokenReading.Computed(content, keyId))
          .orElseGet(TokenReading.Worthless::new);
    } catch (GeneralSecurityException e) {
      return new TokenReading.Worthless();
    }
  }

  private static byte[] plain(TokenContent content) {
    long issued = content.issuedAt().getEpochSecond();
    var expiresAt = content.expiresAt();
    int life = expiresAt == null ? NEVER : Math.toIntExact(expiresAt.getEpochSecond() - issued);
    return ByteBuffer.allocate(PLAIN)
        .put(VERSION)
        .putLong(content.session().getMostSignificantBits())
        .putLong(content.session().getLeastSignificantBits())
        .putInt((int) content.generation())
        .put((byte) (issued >> 32))
        .putInt((int) issued)
        .putInt(life)
        .putLong(content.nonce())
        .put((byte) (content.narrowing() >> 16))
        .putShort((short) content.narrowing())
        .array();
  }

  private static Optional<TokenContent> content(TokenKind kind, byte[] plain) {
    var bytes = ByteBuffer.wrap(plain);
    if (plain.length != PLAIN || bytes.get() != VERSION) {
      return Optional.empty();
    }
    var session = new UUID(bytes.getLong(), bytes.getLong());
    long generation = bytes.getInt() & 0xffff_ffffL;
    long issued = (bytes.get() & 0xffL) << 32 | (bytes.getInt() & 0xffff_ffffL);
    int life = bytes.getInt();
    long nonce = bytes.getLong();
    int narrowing = (bytes.get() & 0xff) << 16 | (bytes.getShort() & 0xffff);
    var issuedAt = Instant.ofEpochSecond(issued);
    var expiresAt = life == NEVER ? null : issuedAt.plusSeconds(life);
    return Optional.of(
        new TokenContent(kind, session, generation, issuedAt, expiresAt, nonce, narrowing));
  }

  private static byte[] bound(String prefix, int keyId) {
    return (prefix + keyId).getBytes(StandardCharsets.US_ASCII);
  }

  /// Synapse's own tokens, in the order of `oauth.md` 2.1.
  private static Optional<TokenKind> imported(String token) {
    if (token.startsWith("syt_") || isMacaroon(token)) {
      return Optional.of(TokenKind.COMPAT_ACCESS);
    }
    return token.startsWith("syr_") ? Optional.of(TokenKind.COMPAT_REFRESH) : Optional.empty();
  }

  private static boolean isMacaroon(String token) {
    if (token.indexOf('_') == 3 || token.length() < 18) {
      return false;
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(token);
      return bytes.length > 13 && Arrays.equals(bytes, 4, 13, MACAROON, 0, MACAROON.length);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
