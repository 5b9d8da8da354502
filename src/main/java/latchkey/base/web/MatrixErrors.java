package latchkey.base.web;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.MatrixProblem;
import latchkey.base.error.OAuthProblem;
import latchkey.base.error.Problem;

/// Says any refusal in the words of Matrix (`matrix-compat.md` 3).
final class MatrixErrors {
  private MatrixErrors() {}

  static MatrixProblem of(Problem problem) {
    return switch (problem) {
      case MatrixProblem matrix -> matrix;
      case OAuthProblem oauth -> of(oauth);
      case DomainProblem domain ->
          new MatrixProblem(domain.status(), errcode(domain.reason()), domain.description())
              .comeBackAfter(domain.retryAfter());
    };
  }

  static String body(MatrixProblem problem) {
    var body =
        new JsonObject().put("errcode", problem.errcode()).put("error", problem.description());
    var retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      body.put("retry_after_ms", Math.max(1, retryAfter.toMillis()));
    }
    if (problem.isSoftLogout()) {
      body.put("soft_logout", true);
    }
    return body.encode();
  }

  /// Whole seconds, never too few of them.
  static long seconds(Duration time) {
    return Math.max(1, Math.ceilDiv(time.toMillis(), 1000));
  }

  /// What the house says of requests before any room has seen them, in OAuth's words.
  private static MatrixProblem of(OAuthProblem problem) {
    int status = problem.status();
    return switch (status) {
      case 404, 405 -> new MatrixProblem(status, "M_UNRECOGNIZED", "Unrecognized request");
      case 413 -> new MatrixProblem(status, "M_TOO_LARGE", "Request body too large");
      case 414, 431 -> new MatrixProblem(status, "M_TOO_LARGE", problem.description());
      case 500 -> new MatrixProblem(status, "M_UNKNOWN", "Internal server error");
      default ->
          new MatrixProblem(status, "M_UNKNOWN", problem.description())
              .comeBackAfter(problem.retryAfter());
    };
  }

  private static String errcode(DomainProblem.Reason reason) {
    return switch (reason) {
      case RATE_LIMITED -> "M_LIMIT_EXCEEDED";
      case FORBIDDEN, DENIED_BY_POLICY, LOCKED -> "M_FORBIDDEN";
      case NOT_FOUND -> "M_NOT_FOUND";
      case INVALID, CONFLICT, UNAVAILABLE -> "M_UNKNOWN";
    };
  }
}
