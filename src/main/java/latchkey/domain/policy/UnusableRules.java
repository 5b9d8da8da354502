package latchkey.domain.policy;

/// Rules that nothing can be decided with. The message is for the admin: file, line, reason.
public final class UnusableRules extends Exception {
  UnusableRules(String message) {
    super(message);
  }
}
