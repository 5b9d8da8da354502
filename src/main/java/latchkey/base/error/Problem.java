package latchkey.base.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A refusal. The message is safe to show; what must stay inside goes to [#detail()], which only
/// the log sees.
public abstract sealed class Problem extends RuntimeException
    permits DomainProblem, MatrixProblem, OAuthProblem {
  private final transient @Nullable String detail;
  private final transient @Nullable Duration retryAfter;

  Problem(
      String description,
      @Nullable String detail,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(description, cause);
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /// What the caller is told.
  public String description() {
    return String.valueOf(getMessage());
  }

  /// What only the log is told; never a secret.
  public @Nullable String detail() {
    return detail;
  }

  /// How long the caller should wait before it asks again, when the cause may pass.
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /// The HTTP status this refusal has in its own dialect.
  public abstract int status();
}
