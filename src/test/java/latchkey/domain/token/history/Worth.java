package latchkey.domain.token.history;

/// What an access token is worth at a moment.
public enum Worth {
  ACTIVE,
  INACTIVE,
  /// 503: nobody can tell now.
  UNKNOWN
}
