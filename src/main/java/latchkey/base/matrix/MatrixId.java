package latchkey.base.matrix;

import java.util.Optional;

/// A Matrix user id, `@localpart:server`.
public record MatrixId(String localpart, String server) {
  /// Reads `@localpart:server`; empty if a part is missing.
  public static Optional<MatrixId> parse(String text) {
    int colon = text.indexOf(':');
    if (!text.startsWith("@") || colon < 2 || colon == text.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(new MatrixId(text.substring(1, colon), text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return "@" + localpart + ":" + server;
  }
}
