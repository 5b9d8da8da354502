package latchkey.domain.token.history;

/// What the rules want answered to a refresh token.
public sealed interface Answer {
  record Tokens(Token refresh, Token access, long expiresIn) implements Answer {}

  /// 400 `invalid_grant`: dead for good.
  record Refused() implements Answer {}

  /// 503: nothing changed, ask again.
  record ComeBack() implements Answer {}

  /// 401 `invalid_client`.
  record NotThatClient() implements Answer {}
}
