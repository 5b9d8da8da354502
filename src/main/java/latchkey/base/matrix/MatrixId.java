package latchkey.base.matrix;

import java.util.Optional;

/// A Matrix user id, `@localpart:server`.
public record MatrixId(String localpart, String server) {
  private static final String HINT = "mxid:";

  /// Reads `@localpart:server`; empty if a part is missing.
  public static Optional<MatrixId> parse(String text) {
    int colon = text.indexOf(':');
    if (!text.startsWith("@") || colon < 2 || colon == text.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(new MatrixId(text.substring(1, colon), text.substring(colon + 1)));
  }

  /// Reads the `login_hint` of MSC4198, `mxid:@localpart:server`; empty if it is another hint.
  public static Optional<MatrixId> parseHint(String text) {
    return text.startsWith(HINT) ? parse(text.substring(HINT.length())) : Optional.empty();
  }

  /// The `login_hint` that names this user (MSC4198).
  public String asHint() {
    return HINT + this;
  }

  @Override
  public String toString() {
    return "@" + localpart + ":" + server;
  }
}
