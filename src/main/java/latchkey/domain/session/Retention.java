package latchkey.domain.session;

import java.time.Duration;

/// How long what is over is kept, so that an admin can see what happened.
public final class Retention {
  /// The row of a session that ended. A genuine token younger than this must have its row; one that
  /// is older may have outlived it.
  public static final Duration ENDED_SESSION = Duration.ofDays(30);

  /// The address a session was last used from, once it is not used any more.
  static final Duration ADDRESS = Duration.ofDays(30);

  private Retention() {}
}
