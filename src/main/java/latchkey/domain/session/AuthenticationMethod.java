package latchkey.domain.session;

/// How a person can prove who they are, each with its word in the claim `amr` (RFC 8176).
public enum AuthenticationMethod {
  PASSWORD("pwd");

  private final String code;

  AuthenticationMethod(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
