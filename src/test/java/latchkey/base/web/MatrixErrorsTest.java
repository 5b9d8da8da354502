package latchkey.base.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.MatrixProblem;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What programs that speak Matrix are told of refusals in other words.
class MatrixErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "INVALID, 400, M_UNKNOWN",
    "DENIED_BY_POLICY, 403, M_FORBIDDEN",
    "FORBIDDEN, 403, M_FORBIDDEN",
    "LOCKED, 403, M_FORBIDDEN",
    "NOT_FOUND, 404, M_NOT_FOUND",
    "CONFLICT, 409, M_UNKNOWN",
    "RATE_LIMITED, 429, M_LIMIT_EXCEEDED",
    "UNAVAILABLE, 503, M_UNKNOWN"
  })
  void every_reason_has_a_code(DomainProblem.Reason reason, int status, String errcode) {
    var problem = MatrixErrors.of(DomainProblem.of(reason, "why"));

    assertThat(problem.status()).isEqualTo(status);
    assertThat(new JsonObject(MatrixErrors.body(problem)))
        .isEqualTo(new JsonObject().put("errcode", errcode).put("error", "why"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, M_UNKNOWN, why",
    "404, M_UNRECOGNIZED, Unrecognized request",
    "405, M_UNRECOGNIZED, Unrecognized request",
    "413, M_TOO_LARGE, Request body too large",
    "414, M_TOO_LARGE, why",
    "431, M_TOO_LARGE, why",
    "500, M_UNKNOWN, Internal server error"
  })
  void what_is_refused_before_any_room_has_seen_it_too(int status, String errcode, String error) {
    var problem = MatrixErrors.of(OAuthProblem.of(OAuthError.INVALID_REQUEST, status, "why"));

    assertThat(problem.status()).isEqualTo(status);
    assertThat(new JsonObject(MatrixErrors.body(problem)))
        .isEqualTo(new JsonObject().put("errcode", errcode).put("error", error));
  }

  @Test
  void how_long_to_wait_is_said_in_milliseconds_and_in_whole_seconds_never_too_few() {
    var wait = Duration.ofMillis(1500);
    var problem = MatrixErrors.of(DomainProblem.unavailable(wait, "later", null));

    assertThat(new JsonObject(MatrixErrors.body(problem)).getLong("retry_after_ms"))
        .isEqualTo(1500);
    assertThat(MatrixErrors.seconds(wait)).isEqualTo(2);
    assertThat(MatrixErrors.seconds(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void a_lock_says_that_the_client_may_keep_what_it_has() {
    assertThat(new JsonObject(MatrixErrors.body(MatrixProblem.locked())).getBoolean("soft_logout"))
        .isTrue();
  }
}
