package latchkey.domain.token.history;

/// What a server answered to a refresh token. Tokens are empty where there are none.
public record Reply(
    int status, String error, String refresh, String access, long expiresIn, long retryAfter) {
  public static Reply tokens(String refresh, String access, long expiresIn) {
    return new Reply(200, "", refresh, access, expiresIn, 0);
  }

  public static Reply refused() {
    return new Reply(400, "invalid_grant", "", "", 0, 0);
  }

  public static Reply comeBack(long after) {
    return new Reply(503, "temporarily_unavailable", "", "", 0, after);
  }

  boolean isGranted() {
    return status == 200;
  }
}
