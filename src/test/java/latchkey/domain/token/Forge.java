package latchkey.domain.token;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import latchkey.domain.token.history.Server.Forgery;
import latchkey.domain.token.history.Server.Held;

/// Makes tokens that are almost right, with everything a thief could have but one thing.
final class Forge {
  private final TokenCodec codec;
  private final TokenCodec otherKeys;
  private final Held genuine;
  private final UUID otherSession;

  /// @param genuine tokens of the session
  /// @param otherSession a session that is somebody else's
  Forge(List<TokenKey> keys, Held genuine, UUID otherSession) {
    codec = new TokenCodec(new TokenKeys(keys));
    otherKeys = new TokenCodec(new TokenKeys(keys.stream().map(Forge::other).toList()));
    this.genuine = genuine;
    this.otherSession = otherSession;
  }

  private static TokenKey other(TokenKey key) {
    var secret = ("another key " + key.id()).getBytes(StandardCharsets.UTF_8);
    return new TokenKey(key.id(), secret, null, false);
  }

  /// What a token says; that of the session's first one where it was made elsewhere.
  TokenContent read(String token) {
    return reading(token).content();
  }

  private TokenReading.Computed reading(String token) {
    boolean refresh = token.startsWith(TokenKind.OAUTH_REFRESH.prefix());
    return codec.read(token) instanceof TokenReading.Computed computed
        ? computed
        : reading(refresh ? genuine.refresh() : genuine.access());
  }

  String almost(Forgery forgery, String token) {
    var reading = reading(token);
    var content = reading.content();
    int key = reading.keyId();
    return switch (forgery) {
      case OTHER_KIND -> codec.encode(with(content, otherKind(content)), key).reveal();
      case OTHER_PREFIX -> respelled(otherPrefix(content), body(token));
      case OTHER_SESSION -> codec.encode(of(content, otherSession, content.nonce()), key).reveal();
      case OTHER_NONCE ->
          codec.encode(of(content, content.session(), content.nonce() ^ 1), key).reveal();
      case OTHER_KEY -> otherKeys.encode(content, key).reveal();
      case ANOTHER_DIGIT -> respelled(content.kind().prefix(), changed(body(token)));
      case ACCESS_FOR_REFRESH -> token;
    };
  }

  private static TokenKind otherKind(TokenContent content) {
    return content.kind().isAccess() ? TokenKind.COMPAT_ACCESS : TokenKind.COMPAT_REFRESH;
  }

  private static TokenContent with(TokenContent content, TokenKind kind) {
    return new TokenContent(
        kind,
        content.session(),
        content.generation(),
        content.issuedAt(),
        content.expiresAt(),
        content.nonce(),
        0);
  }

  private static TokenContent of(TokenContent content, UUID session, long nonce) {
    return new TokenContent(
        content.kind(),
        session,
        content.generation(),
        content.issuedAt(),
        content.expiresAt(),
        nonce,
        0);
  }

  private static String otherPrefix(TokenContent content) {
    return content.kind().isAccess()
        ? TokenKind.OAUTH_REFRESH.prefix()
        : TokenKind.OAUTH_ACCESS.prefix();
  }

  private static String body(String token) {
    return token.split("_", -1)[1];
  }

  private static String changed(String body) {
    char last = body.charAt(body.length() - 1);
    return body.substring(0, body.length() - 1) + (last == 'a' ? 'b' : 'a');
  }

  private static String respelled(String prefix, String body) {
    var text = prefix + "_" + body;
    return text + "_" + CheckDigits.of(text);
  }
}
