package latchkey.domain.session;

/// How a person can prove who they are, each with its word in the claim `amr` (RFC 8176).
public enum AuthenticationMethod {
  PASSWORD("pwd"),
  /// An account elsewhere. There is no word for it; Entra's is this one.
  UPSTREAM("fed");

  private final String code;

  AuthenticationMethod(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
