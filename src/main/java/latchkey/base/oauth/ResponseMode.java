package latchkey.base.oauth;

import java.util.Optional;

/// How the answer to an authorization request travels (OAuth 2.0 Multiple Response Types §2.1,
/// OAuth 2.0 Form Post Response Mode).
public enum ResponseMode {
  QUERY("query"),
  FRAGMENT("fragment"),
  FORM_POST("form_post");

  private final String code;

  ResponseMode(String code) {
    this.code = code;
  }

  /// The mode as it goes over the wire.
  public String code() {
    return code;
  }

  public static Optional<ResponseMode> parse(String code) {
    for (var mode : values()) {
      if (mode.code.equals(code)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return code;
  }
}
