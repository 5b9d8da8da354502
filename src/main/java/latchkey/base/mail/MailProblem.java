package latchkey.base.mail;

import org.jspecify.annotations.Nullable;

/// A mail did not leave the house. The message names no address.
public final class MailProblem extends RuntimeException {
  private final boolean forGood;

  MailProblem(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  MailProblem(String message, @Nullable Throwable cause, boolean forGood) {
    super(message, cause);
    this.forGood = forGood;
  }

  /// Whether it never will: nobody is at any of its addresses. All else may be better later.
  public boolean isForGood() {
    return forGood;
  }
}
