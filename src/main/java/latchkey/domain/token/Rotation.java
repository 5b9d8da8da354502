package latchkey.domain.token;

import java.time.Duration;
import latchkey.base.oauth.Scope;

/// How a refresh ended. A refusal is an outcome, not an exception, because some refusals must leave
/// a trace.
public sealed interface Rotation {
  /// Tokens to answer with: new ones, or those of an answer that was lost.
  record Granted(TokenPair tokens, Scope scope) implements Rotation {}

  /// The refresh token is dead for good.
  record Refused(String reason) implements Rotation {}

  /// The rules no longer allow what the session was granted; the session itself lives on.
  record Denied(String reason) implements Rotation {}

  /// Nothing changed; the same request may be answered later.
  record TryAgain(Duration after, String reason) implements Rotation {}
}
