package latchkey.base.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A refusal in the words of Matrix: `{"errcode": code, "error": text}`.
public final class MatrixProblem extends Problem {
  private final String errcode;
  private final int status;
  private final boolean softLogout;

  private MatrixProblem(
      int status,
      String errcode,
      String description,
      @Nullable String detail,
      @Nullable Duration retryAfter,
      boolean softLogout) {
    super(description, detail, retryAfter, null, null);
    this.status = status;
    this.errcode = errcode;
    this.softLogout = softLogout;
  }

  public MatrixProblem(int status, String errcode, String description) {
    this(status, errcode, description, null, null, false);
  }

  /// @param detail what only the log is told
  public MatrixProblem(int status, String errcode, String description, String detail) {
    this(status, errcode, description, detail, null, false);
  }

  /// The account is locked; what the client keeps on its side will be of use again.
  public static MatrixProblem locked() {
    return new MatrixProblem(
        401, "M_USER_LOCKED", "User account has been locked", null, null, true);
  }

  /// The same refusal, with the time after which asking again makes sense.
  public MatrixProblem comeBackAfter(@Nullable Duration time) {
    return new MatrixProblem(status, errcode, description(), detail(), time, softLogout);
  }

  public String errcode() {
    return errcode;
  }

  /// Whether the client is told to keep its data although its token is no good.
  public boolean isSoftLogout() {
    return softLogout;
  }

  @Override
  public int status() {
    return status;
  }
}
