package latchkey.domain.session;

/// What a session is, and which table it stands in.
public enum SessionKind {
  BROWSER("browser_sessions"),
  /// Held by a client after an exchange.
  OAUTH("oauth_sessions"),
  /// Held by a client that speaks the legacy login of Matrix. It has no client row.
  COMPAT("oauth_sessions");

  private final String table;

  SessionKind(String table) {
    this.table = table;
  }

  /// As the column `kind` has it.
  static SessionKind ofRow(String text) {
    return text.equals("compat") ? COMPAT : OAUTH;
  }

  String table() {
    return table;
  }
}
