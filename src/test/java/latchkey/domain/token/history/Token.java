package latchkey.domain.token.history;

/// What a token says, as far as the rules care.
///
/// @param issuedAt in seconds, like all times of the model
/// @param key the key that made it, [#FOREIGN] for one that was made elsewhere
public record Token(Kind kind, long generation, long issuedAt, long expiresAt, int key) {
  public static final int FOREIGN = 0;
  public static final long NEVER = Long.MAX_VALUE;

  public enum Kind {
    REFRESH,
    ACCESS
  }

  public static Token refresh(long generation, long issuedAt, int key) {
    return new Token(Kind.REFRESH, generation, issuedAt, NEVER, key);
  }

  public static Token access(long generation, long issuedAt, long expiresAt, int key) {
    return new Token(Kind.ACCESS, generation, issuedAt, expiresAt, key);
  }
}
