package latchkey.domain.client;

import java.util.List;

/// The ways a client proves itself (OpenID Connect Core §9) that exist here.
public final class AuthMethod {
  public static final String NONE = "none";
  public static final String BASIC = "client_secret_basic";
  public static final String POST = "client_secret_post";

  /// In the order they are advertised.
  public static final List<String> ALL = List.of(BASIC, POST, NONE);

  private AuthMethod() {}

  public static boolean needsSecret(String method) {
    return method.equals(BASIC) || method.equals(POST);
  }
}
