package latchkey.base.error;

import java.time.Duration;
import latchkey.base.language.Message;
import latchkey.base.oauth.OAuthError;
import org.jspecify.annotations.Nullable;

/// A refusal in the words of OAuth: `{"error": code, "error_description": text}` (RFC 6749 §5.2).
public final class OAuthProblem extends Problem {
  private final transient OAuthError code;
  private final int status;
  private final transient @Nullable String challenge;

  private OAuthProblem(
      OAuthError code,
      int status,
      String description,
      @Nullable String detail,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable String challenge,
      @Nullable Message message) {
    super(description, detail, retryAfter, cause, message);
    this.code = code;
    this.status = status;
    this.challenge = challenge;
  }

  public static OAuthProblem of(OAuthError code, String description) {
    return new OAuthProblem(code, code.status(), description, null, null, null, null, null);
  }

  /// The same code under another status: 413, 415 and their like.
  public static OAuthProblem of(OAuthError code, int status, String description) {
    return new OAuthProblem(code, status, description, null, null, null, null, null);
  }

  public static OAuthProblem of(OAuthError code, String description, String detail) {
    return new OAuthProblem(code, code.status(), description, detail, null, null, null, null);
  }

  /// A cause that may pass: 503 with `Retry-After`. Never a 4xx, or clients log out.
  public static OAuthProblem temporarilyUnavailable(Duration retryAfter, String detail) {
    return temporarilyUnavailable(retryAfter, detail, null);
  }

  public static OAuthProblem temporarilyUnavailable(
      Duration retryAfter, String detail, @Nullable Throwable cause) {
    var code = OAuthError.TEMPORARILY_UNAVAILABLE;
    return new OAuthProblem(
        code,
        code.status(),
        "Please try again in a moment.",
        detail,
        retryAfter,
        cause,
        null,
        null);
  }

  /// The same refusal with a `WWW-Authenticate` header (RFC 6749 §5.2, RFC 6750 §3).
  public OAuthProblem withChallenge(String challenge) {
    return new OAuthProblem(
        code, status, description(), detail(), retryAfter(), getCause(), challenge, message());
  }

  /// The same refusal with words for a person, for a route that shows pages.
  public OAuthProblem withMessage(Message message) {
    return new OAuthProblem(
        code, status, description(), detail(), retryAfter(), getCause(), challenge, message);
  }

  /// What the `WWW-Authenticate` header says, if there is to be one.
  public @Nullable String challenge() {
    return challenge;
  }

  public OAuthError code() {
    return code;
  }

  @Override
  public int status() {
    return status;
  }
}
