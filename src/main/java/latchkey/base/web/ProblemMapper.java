package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import latchkey.base.error.OAuthProblem;
import latchkey.base.error.Problem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.ErrorAnswers.Answer;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/// The one error mapper: whatever a room throws becomes a response in the dialect of its route. A
/// 5xx leaves its stack in the log, a 4xx does not.
@Singleton
public class ProblemMapper {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  private final ErrorAnswers errors;
  private final DatabaseFailures databaseFailures;

  ProblemMapper(ErrorAnswers errors, DatabaseFailures databaseFailures) {
    this.errors = errors;
    this.databaseFailures = databaseFailures;
  }

  @ServerExceptionMapper(Throwable.class)
  public Response toResponse(Throwable thrown, HttpServerRequest request) {
    var route = Routes.find(String.valueOf(request.path())).orElse(null);
    var problem = problem(thrown);
    tell(thrown, problem, request);
    var answer =
        route == null || problem == null
            ? errors.unforeseen(route, request)
            : errors.of(route, problem, request);
    return response(answer);
  }

  private @Nullable Problem problem(Throwable thrown) {
    return switch (thrown) {
      case Problem problem -> problem;
      case WebApplicationException web when web.getResponse().getStatus() < 500 ->
          OAuthProblem.of(
              OAuthError.INVALID_REQUEST,
              web.getResponse().getStatus(),
              "The request cannot be understood.");
      default -> databaseFailures.asProblem(thrown);
    };
  }

  private static void tell(Throwable thrown, @Nullable Problem problem, HttpServerRequest request) {
    MDC.put(RequestIds.CONTEXT, request.getHeader(RequestIds.HEADER));
    try {
      if (problem == null || problem.status() == 500) {
        LOG.error("unforeseen failure", thrown);
      } else if (problem.status() > 500) {
        LOG.warnf("%s: %s", problem.description(), reasons(problem));
      } else if (problem.detail() != null) {
        LOG.warnf("%s: %s", problem.description(), problem.detail());
      }
    } finally {
      MDC.remove(RequestIds.CONTEXT);
    }
  }

  /// The detail, and every cause that says more, in one line: while a database is away each request
  /// ends up here, and a stack for each would bury the log.
  private static String reasons(Problem problem) {
    var reasons = new StringBuilder(problem.detail() == null ? "" : problem.detail());
    for (var cause = problem.getCause(); cause != null; cause = cause.getCause()) {
      var words = String.valueOf(cause.getMessage());
      if (reasons.indexOf(words) < 0) {
        reasons.append(reasons.isEmpty() ? "" : "; ").append(cause);
      }
    }
    return reasons.isEmpty() ? "no reason given" : reasons.toString();
  }

  private static Response response(Answer answer) {
    var response = Response.status(answer.status()).entity(answer.body());
    answer.headers().forEach(response::header);
    return response.build();
  }
}
