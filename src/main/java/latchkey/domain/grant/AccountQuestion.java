package latchkey.domain.grant;

/// Why the person has to think about which account to use.
public sealed interface AccountQuestion {
  /// The client asks for a user who is not the one signed in, and takes nobody else.
  record WrongAccount() implements AccountQuestion {}

  /// The client hints at another user.
  record HintsAtAnother(String matrixId) implements AccountQuestion {}

  /// The client wants a new account, and somebody is signed in.
  record HasAccount() implements AccountQuestion {}

  /// The client wants the person to choose.
  record Choose() implements AccountQuestion {}
}
