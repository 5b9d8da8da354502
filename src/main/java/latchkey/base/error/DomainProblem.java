package latchkey.base.error;

import java.time.Duration;
import latchkey.base.language.Message;
import org.jspecify.annotations.Nullable;

/// A refusal in the words of the domain. The mapper turns it into the dialect of the route it came
/// from.
public final class DomainProblem extends Problem {
  /// Why; each with the status it has where the dialect does not say otherwise.
  public enum Reason {
    INVALID(400),
    DENIED_BY_POLICY(403),
    FORBIDDEN(403),
    LOCKED(403),
    NOT_FOUND(404),
    CONFLICT(409),
    RATE_LIMITED(429),
    UNAVAILABLE(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Reason reason;

  private DomainProblem(
      Reason reason,
      String description,
      @Nullable String detail,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable Message message) {
    super(description, detail, retryAfter, cause, message);
    this.reason = reason;
  }

  public static DomainProblem of(Reason reason, String description) {
    return new DomainProblem(reason, description, null, null, null, null);
  }

  /// @param message what a person is told
  public static DomainProblem of(Reason reason, String description, Message message) {
    return new DomainProblem(reason, description, null, null, null, message);
  }

  /// A cause that may pass, with the time after which asking again makes sense.
  public static DomainProblem unavailable(
      Duration retryAfter, String description, @Nullable Throwable cause) {
    return new DomainProblem(Reason.UNAVAILABLE, description, null, retryAfter, cause, null);
  }

  /// The same, with what only the log is told.
  public static DomainProblem unavailable(
      Duration retryAfter, String description, String detail, @Nullable Throwable cause) {
    return new DomainProblem(Reason.UNAVAILABLE, description, detail, retryAfter, cause, null);
  }

  /// Too often; with the time after which the same is allowed again.
  public static DomainProblem rateLimited(Duration retryAfter, String description) {
    return new DomainProblem(Reason.RATE_LIMITED, description, null, retryAfter, null, null);
  }

  public Reason reason() {
    return reason;
  }

  @Override
  public int status() {
    return reason.status();
  }
}
