package latchkey.domain.session;

/// Which table a session stands in.
public enum SessionKind {
  BROWSER("browser_sessions"),
  OAUTH("oauth_sessions");

  private final String table;

  SessionKind(String table) {
    this.table = table;
  }

  String table() {
    return table;
  }
}
