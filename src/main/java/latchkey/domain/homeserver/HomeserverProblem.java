package latchkey.domain.homeserver;

import org.jspecify.annotations.Nullable;

/// The homeserver did not do what it was asked. The message names the call and the reason, never
/// the secret.
public final class HomeserverProblem extends RuntimeException {
  /// Why.
  public enum Kind {
    /// No connection, or no place in the queue for one.
    UNREACHABLE,
    /// No whole answer within the deadline.
    TIMEOUT,
    /// It does not accept our secret.
    WRONG_SECRET,
    /// It does not know these calls: delegation is off, or it is too old.
    NOT_ENABLED,
    NOT_FOUND,
    /// It refused the request itself, with a code of Matrix; trying again will not help.
    REFUSED,
    /// It failed on its side, or what answered is no homeserver: a redirect, a proxy's page.
    SERVER_ERROR,
    /// The configuration says that nothing may be written there (`synapse_read_only`).
    READ_ONLY
  }

  private final Kind kind;
  private final @Nullable String errcode;

  HomeserverProblem(
      Kind kind, @Nullable String errcode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.errcode = errcode;
  }

  /// For stand-ins.
  public static HomeserverProblem of(Kind kind, String message) {
    return new HomeserverProblem(kind, null, message, null);
  }

  public Kind kind() {
    return kind;
  }

  /// Whether it says something about this one request only, and not about the homeserver.
  public boolean isAboutTheRequest() {
    return kind == Kind.REFUSED || kind == Kind.NOT_FOUND;
  }

  /// Matrix's code, if the answer had one.
  public @Nullable String errcode() {
    return errcode;
  }
}
