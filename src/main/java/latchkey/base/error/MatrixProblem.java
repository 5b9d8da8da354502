package latchkey.base.error;

/// A refusal in the words of Matrix: `{"errcode": code, "error": text}`.
public final class MatrixProblem extends Problem {
  private final String errcode;
  private final int status;

  public MatrixProblem(int status, String errcode, String description) {
    super(description, null, null, null, null);
    this.status = status;
    this.errcode = errcode;
  }

  public String errcode() {
    return errcode;
  }

  @Override
  public int status() {
    return status;
  }
}
