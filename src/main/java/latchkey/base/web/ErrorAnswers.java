package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.MatrixProblem;
import latchkey.base.error.OAuthProblem;
import latchkey.base.error.Problem;
import latchkey.base.language.Message;
import latchkey.base.oauth.OAuthError;
import org.jspecify.annotations.Nullable;

/// Builds every error response there is, in the dialect of the route's group. Nothing else does.
@Singleton
public class ErrorAnswers {
  private static final String JSON = "application/json";

  /// A finished response.
  public record Answer(int status, Map<String, String> headers, String body) {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  private final ErrorPages pages;

  ErrorAnswers(ErrorPages pages) {
    this.pages = pages;
  }

  /// A refusal of a known route.
  public Answer of(Routes.Route route, Problem problem, HttpServerRequest request) {
    var headers = new LinkedHashMap<String, String>();
    var retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      headers.put("Retry-After", Long.toString(MatrixErrors.seconds(retryAfter)));
    }
    if (problem instanceof OAuthProblem oauth && oauth.challenge() != null) {
      headers.put("WWW-Authenticate", oauth.challenge());
    }
    return switch (route.group().dialect()) {
      case OAUTH -> oauth(problem, headers);
      case MATRIX ->
          problem.status() >= 500 && route.path().equals(Routes.COMPAT_REFRESH)
              // Clients take any JSON they are refused new tokens with for the end of their
              // session.
              ? text(problem.status(), problem.description(), headers)
              : matrix(MatrixErrors.of(problem), headers);
      case PAGE -> page(problem.status(), problem.message(), headers, request);
      case TEXT -> text(problem.status(), problem.description(), headers);
    };
  }

  /// Something broke that nobody foresaw. What, only the log says.
  Answer unforeseen(Routes.@Nullable Route route, HttpServerRequest request) {
    var problem = OAuthProblem.of(OAuthError.SERVER_ERROR, "Something went wrong on our side.");
    return route == null
        ? page(500, null, new LinkedHashMap<>(), request)
        : of(route, problem, request);
  }

  /// No listener serves this path: JSON below `/_matrix`, a page elsewhere.
  public Answer unknownPath(String path, HttpServerRequest request) {
    return path.startsWith("/_matrix/")
        ? matrixToAll(new MatrixProblem(404, "M_UNRECOGNIZED", "Unrecognized request"))
        : page(404, null, new LinkedHashMap<>(), request);
  }

  public Answer methodNotAllowed(Routes.Route route, HttpServerRequest request) {
    var problem =
        OAuthProblem.of(OAuthError.INVALID_REQUEST, 405, "This address is not used that way.");
    return of(route, problem, request);
  }

  /// What the HTTP decoder refused: broken (400), a line (414) or headers (431) too long. There is
  /// no route yet.
  public Answer invalidRequest(int status, HttpServerRequest request) {
    var description =
        switch (status) {
          case 414 -> "The address is too long.";
          case 431 -> "The request headers are too large.";
          default -> "The request cannot be read.";
        };
    var path = request.path();
    boolean machine =
        path != null
            && (path.startsWith("/oauth2/")
                || path.startsWith("/.well-known/")
                || path.startsWith("/_matrix/"));
    var problem = OAuthProblem.of(OAuthError.INVALID_REQUEST, status, description);
    if (path != null && isInMatrixsWords(path)) {
      return matrixToAll(MatrixErrors.of(problem));
    }
    return machine
        ? oauth(problem, new LinkedHashMap<>())
        : page(status, null, new LinkedHashMap<>(), request);
  }

  /// What is OAuth's stays so: clients make much of a member `errcode` there.
  private static boolean isInMatrixsWords(String path) {
    return path.startsWith("/_matrix/")
        && Routes.find(path).filter(route -> route.group() == Group.DISCOVERY).isEmpty();
  }

  private static Answer oauth(Problem problem, Map<String, String> headers) {
    headers.put("Content-Type", JSON);
    headers.put("Cache-Control", "no-store");
    headers.put("Pragma", "no-cache");
    var body =
        new JsonObject()
            .put("error", code(problem).code())
            .put("error_description", problem.description());
    return new Answer(problem.status(), headers, body.encode());
  }

  private static OAuthError code(Problem problem) {
    return switch (problem) {
      case OAuthProblem oauth -> oauth.code();
      case MatrixProblem _ -> OAuthError.INVALID_REQUEST;
      case DomainProblem domain ->
          switch (domain.reason()) {
            case UNAVAILABLE, RATE_LIMITED -> OAuthError.TEMPORARILY_UNAVAILABLE;
            case DENIED_BY_POLICY, FORBIDDEN, LOCKED -> OAuthError.ACCESS_DENIED;
            case INVALID, NOT_FOUND, CONFLICT -> OAuthError.INVALID_REQUEST;
          };
    };
  }

  private static Answer matrix(MatrixProblem problem, Map<String, String> headers) {
    headers.put("Content-Type", JSON);
    return new Answer(problem.status(), headers, MatrixErrors.body(problem));
  }

  /// Where no route says whom it is for.
  private static Answer matrixToAll(MatrixProblem problem) {
    var headers = new LinkedHashMap<>(Map.of("Access-Control-Allow-Origin", "*"));
    return matrix(problem, headers);
  }

  private static Answer text(int status, String description, Map<String, String> headers) {
    headers.put("Content-Type", "text/plain; charset=utf-8");
    return new Answer(status, headers, description + "\n");
  }

  private Answer page(
      int status,
      @Nullable Message message,
      Map<String, String> headers,
      HttpServerRequest request) {
    var page = pages.html(status, message, request);
    headers.put("Content-Type", "text/html; charset=utf-8");
    headers.put("Content-Language", page.language());
    headers.put("Vary", "Accept-Language");
    headers.put("Cache-Control", "no-store");
    headers.put("Content-Security-Policy", ContentSecurityPolicy.STRICT);
    return new Answer(status, headers, page.text());
  }
}
