package latchkey.base.error;

import java.time.Duration;
import latchkey.base.language.Message;
import org.jspecify.annotations.Nullable;

/// A refusal. The description is safe to show; what must stay inside goes to [#detail()], which
/// only the log sees.
public abstract sealed class Problem extends RuntimeException
    permits DomainProblem, MatrixProblem, OAuthProblem {
  private final transient @Nullable String detail;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable Message message;

  Problem(
      String description,
      @Nullable String detail,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable Message message) {
    super(description, cause);
    this.message = message;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /// What a person is told, in a language of theirs; null where the status says enough.
  public @Nullable Message message() {
    return message;
  }

  /// What a program is told, and the log.
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
