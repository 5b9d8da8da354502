package latchkey.base.mail;

import org.jspecify.annotations.Nullable;

/// Whoever carries mail says that nobody is at any of the addresses, and that asking again will not
/// help.
final class NobodyThere extends Exception {
  NobodyThere(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
