package latchkey.domain.token;

/// What reading a token's text tells, before any database is asked.
public sealed interface TokenReading {
  /// Ours and genuine.
  record Computed(TokenContent content, int keyId) implements TokenReading {}

  /// Well-formed, but made elsewhere: to be looked up by its digest.
  record Foreign(TokenKind kind) implements TokenReading {}

  /// Well-formed, under a key this server does not have: it may be genuine, so nobody may call it
  /// dead.
  record UnknownKey(int keyId) implements TokenReading {}

  /// Under a key the admin withdrew, or no token at all.
  record Worthless() implements TokenReading {}
}
