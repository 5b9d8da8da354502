package latchkey.base.mail;

import org.jspecify.annotations.Nullable;

/// A mail did not leave the house, and may later. The message names no address.
public final class MailProblem extends RuntimeException {
  MailProblem(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
