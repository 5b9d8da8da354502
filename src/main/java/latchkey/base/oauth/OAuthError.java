package latchkey.base.oauth;

/// The error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2, RFC 7591 §3.2.2 and
/// OpenID Connect Core §3.1.2.6 with Unmet Authentication Requirements 1.0, each with the status it
/// has in a JSON answer.
public enum OAuthError {
  ACCESS_DENIED("access_denied", 400),
  ACCOUNT_SELECTION_REQUIRED("account_selection_required", 400),
  CONSENT_REQUIRED("consent_required", 400),
  INSUFFICIENT_SCOPE("insufficient_scope", 403),
  INTERACTION_REQUIRED("interaction_required", 400),
  INVALID_CLIENT("invalid_client", 401),
  INVALID_CLIENT_METADATA("invalid_client_metadata", 400),
  INVALID_GRANT("invalid_grant", 400),
  INVALID_REDIRECT_URI("invalid_redirect_uri", 400),
  INVALID_REQUEST("invalid_request", 400),
  INVALID_SCOPE("invalid_scope", 400),
  INVALID_TOKEN("invalid_token", 401),
  LOGIN_REQUIRED("login_required", 400),
  REGISTRATION_NOT_SUPPORTED("registration_not_supported", 400),
  REQUEST_NOT_SUPPORTED("request_not_supported", 400),
  REQUEST_URI_NOT_SUPPORTED("request_uri_not_supported", 400),
  SERVER_ERROR("server_error", 500),
  TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503),
  UNMET_AUTHENTICATION_REQUIREMENTS("unmet_authentication_requirements", 400),
  UNAUTHORIZED_CLIENT("unauthorized_client", 400),
  UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400),
  UNSUPPORTED_RESPONSE_TYPE("unsupported_response_type", 400);

  private final String code;
  private final int status;

  OAuthError(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /// The code as it goes over the wire.
  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  @Override
  public String toString() {
    return code;
  }
}
