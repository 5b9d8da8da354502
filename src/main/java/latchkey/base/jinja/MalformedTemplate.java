package latchkey.base.jinja;

import java.io.Serial;

/// A text is no template: told to the admin when the configuration is read.
public final class MalformedTemplate extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int line;

  MalformedTemplate(int line, String problem) {
    super(problem, null, false, false);
    this.line = line;
  }

  /// Within the template, from 1.
  public int line() {
    return line;
  }

  /// What is wrong, for a sentence.
  public String problem() {
    return String.valueOf(getMessage());
  }
}
