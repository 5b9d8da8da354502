package latchkey.base.jinja;

import java.io.Serial;

/// A rendering cannot go on. The reason names operations and kinds of values, never a value: claims
/// are about people, and reasons end up in logs.
final class Failure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  Failure(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
