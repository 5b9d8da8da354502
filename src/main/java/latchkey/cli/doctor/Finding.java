package latchkey.cli.doctor;

import java.util.List;

/// What the doctor found on one point.
///
/// @param advice what to do, a line each; empty if all is well
public record Finding(Level level, String words, List<String> advice) {
  /// How bad it is.
  public enum Level {
    OK("ok"),
    WARNING("warning"),
    ERROR("error");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public Finding {
    advice = List.copyOf(advice);
  }

  static Finding ok(String words) {
    return new Finding(Level.OK, words, List.of());
  }

  static Finding warning(String words, String... advice) {
    return new Finding(Level.WARNING, words, List.of(advice));
  }

  static Finding error(String words, String... advice) {
    return new Finding(Level.ERROR, words, List.of(advice));
  }
}
