package latchkey.domain.client;

import java.util.List;

/// The ways a client proves itself (OpenID Connect Core §9).
public final class AuthMethod {
  public static final String NONE = "none";
  public static final String BASIC = "client_secret_basic";
  public static final String POST = "client_secret_post";

  /// By a JWT it signs: for clients of the configuration.
  public static final String SECRET_JWT = "client_secret_jwt";

  public static final String KEY_JWT = "private_key_jwt";

  /// Those a client can register with.
  public static final List<String> ALL = List.of(BASIC, POST, NONE);

  private AuthMethod() {}

  public static boolean needsSecret(String method) {
    return method.equals(BASIC) || method.equals(POST) || method.equals(SECRET_JWT);
  }
}
