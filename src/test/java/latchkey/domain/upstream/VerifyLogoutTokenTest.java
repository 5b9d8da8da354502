package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.world.FakeUpstream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("OIDC-BackChannel-2.6")
class VerifyLogoutTokenTest {
  private static DataSource database;

  private interface Change extends Consumer<Map<String, Object>> {}

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @Test
  void it_says_who_signed_out_and_counts_once_at_whichever_replica() {
    try (var there = Acquaintance.with("")) {
      var token = there.provider.logoutToken("alice", "session", _ -> {});

      var notice = there.verifyLogoutToken(database).handle(there.config, token);

      assertThat(notice.subject()).hasValue("alice");
      assertThat(notice.sid()).hasValue("session");
      var again = there.verifyLogoutToken(database).handle(there.config, token);
      assertThat(again).as("as long as nothing came of it").isEqualTo(notice);
      there.verifyLogoutToken(database).spend(there.config, notice);
      assertThatThrownBy(() -> there.verifyLogoutToken(database).handle(there.config, token))
          .hasMessageContaining("was used before");
      assertThat(TestDatabase.number(database, "select count(*) from latchkey.used_logout_tokens"))
          .isPositive();
    }
  }

  @Test
  void one_of_both_is_enough() {
    try (var there = Acquaintance.with("")) {
      var verify = there.verifyLogoutToken(database);

      assertThat(
              verify.handle(there.config, there.provider.logoutToken("alice", null, _ -> {})).sid())
          .isEmpty();
      assertThat(
              verify
                  .handle(there.config, there.provider.logoutToken(null, "session", _ -> {}))
                  .subject())
          .isEmpty();
    }
  }

  static List<Arguments> whatIsWrong() {
    return Stream.of(
            wrong(it -> it.put("iss", "https://evil.example"), "of the issuer"),
            wrong(it -> it.put("aud", "another"), "and not for client_id"),
            wrong(it -> it.remove("iat"), "has no iat"),
            wrong(it -> it.put("exp", seconds(it, -130)), "has expired"),
            wrong(it -> it.put("iat", seconds(it, 130)), "from the future"),
            wrong(it -> it.remove("exp"), "has no exp"),
            wrong(it -> it.remove("events"), "about something else"),
            wrong(it -> it.put("events", Map.of("x", Map.of())), "about something else"),
            wrong(it -> it.put("events", List.of()), "about something else"),
            wrong(it -> it.put("nonce", "x"), "has a nonce"),
            wrong(it -> it.remove("jti"), "has no jti"),
            wrong(it -> it.remove("sub"), "names nobody"))
        .toList();
  }

  private static Arguments wrong(Change change, String words) {
    return Arguments.of(change, words);
  }

  private static long seconds(Map<String, Object> claims, long later) {
    return ((Number) claims.get("iat")).longValue() + later;
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("whatIsWrong")
  void nobody_is_signed_out_by_it(Change change, String words) {
    try (var there = Acquaintance.with("")) {
      var token = there.provider.logoutToken("alice", null, change);

      assertThatThrownBy(() -> there.verifyLogoutToken(database).handle(there.config, token))
          .isInstanceOf(ProviderProblem.class)
          .hasMessageContaining(words);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeUpstream.Signature.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "PROPER")
  void nor_by_a_signature_that_is_none(FakeUpstream.Signature signature) {
    try (var there = Acquaintance.with("")) {
      there.provider.signature(signature);
      var token = there.provider.logoutToken("alice", null, _ -> {});

      assertThatThrownBy(() -> there.verifyLogoutToken(database).handle(there.config, token))
          .isInstanceOf(ProviderProblem.class);
    }
  }

  @Test
  void an_id_token_is_no_logout_token() {
    try (var there = Acquaintance.with("")) {
      var token = there.provider.idToken("");

      assertThatThrownBy(() -> there.verifyLogoutToken(database).handle(there.config, token))
          .hasMessageContaining("about something else");
    }
  }

  @Test
  void what_has_expired_is_forgotten() throws Exception {
    try (var there = Acquaintance.with("")) {
      there
          .verifyLogoutToken(database)
          .handle(there.config, there.provider.logoutToken("alice", null, _ -> {}));
      there.clock.advance(Duration.ofHours(1));

      new CleanUpLogoutTokens(new UsedLogoutTokenRepository(database), there.clock).step();

      assertThat(TestDatabase.number(database, "select count(*) from latchkey.used_logout_tokens"))
          .isZero();
    }
  }
}
