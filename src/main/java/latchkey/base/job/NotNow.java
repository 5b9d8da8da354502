package latchkey.base.job;

/// What a handler throws when somebody else is at the same thing at this moment. That is no
/// failure: the job comes again within three seconds, uncounted, and only a debug log tells.
public abstract class NotNow extends Exception {
  /// @param message what is in the way
  protected NotNow(String message) {
    super(message, null, false, false);
  }
}
