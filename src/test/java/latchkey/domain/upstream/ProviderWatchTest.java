package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.ELSEWHERE;
import static latchkey.world.FakeUpstream.Endpoint.KEYS;
import static latchkey.world.FakeUpstream.Endpoint.METADATA;
import static latchkey.world.FakeUpstream.Endpoint.TOKEN;
import static latchkey.world.FakeUpstream.Endpoint.USERINFO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderProblem.Kind;
import latchkey.domain.upstream.ProviderWatch.State;
import latchkey.world.FakeUpstream;
import latchkey.world.FakeUpstream.Fault;
import latchkey.world.Logs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A provider that does not do what it should, and one that does again.
class ProviderWatchTest {
  @Test
  void one_that_is_down_is_told_once_and_recovers_by_itself() throws Exception {
    try (var there = Acquaintance.inHaste("human_name: Work");
        var log = Logs.of(ProviderWatch.class)) {
      there.provider.goDown();
      there.watch.askDue();
      await(() -> trouble(there).isPresent());

      assertThat(trouble(there).orElseThrow())
          .contains("its metadata cannot be had", "no connection");
      assertThat(there.watch.all().getFirst().state()).isInstanceOf(State.Unreachable.class);
      for (int i = 0; i < 4; i++) {
        there.clock.advance(Duration.ofMinutes(5));
        there.watch.askDue();
        Thread.sleep(50);
      }

      there.provider.comeBack();
      there.clock.advance(Duration.ofMinutes(5));
      there.watch.askDue();
      await(() -> trouble(there).isEmpty());

      assertThat(there.signIn().subject()).hasValue("alice");
      assertThat(log.texts())
          .satisfiesExactly(
              it -> assertThat(it).contains("provider Work", "nobody signs in through it"),
              it -> assertThat(it).isEqualTo("provider Work answers again"));
    }
  }

  @Test
  void the_next_person_to_click_finds_out_that_it_is_back() {
    try (var there = Acquaintance.inHaste("")) {
      there.provider.goDown();
      assertUnavailable(there, "no connection");
      there.provider.comeBack();
      assertUnavailable(there, "no connection");

      there.clock.advance(Duration.ofSeconds(2));

      assertThat(there.signIn().subject()).as("two seconds later").hasValue("alice");
      assertThat(trouble(there)).isEmpty();
    }
  }

  @Test
  void metadata_and_keys_are_fetched_every_quarter_of_an_hour_and_by_one_at_a_time()
      throws Exception {
    try (var there = Acquaintance.with("");
        var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var clicks =
          IntStream.range(0, 20)
              .mapToObj(_ -> people.submit(() -> there.watch.require(there.config)))
              .toList();
      for (var click : clicks) {
        assertThat(click.get().token()).isPresent();
      }
      assertThat(there.provider.asked(METADATA)).hasSize(1);

      there.clock.advance(Duration.ofMinutes(14));
      there.watch.askDue();
      Thread.sleep(100);
      assertThat(there.provider.asked(METADATA)).hasSize(1);

      there.clock.advance(Duration.ofMinutes(1));
      there.watch.askDue();
      await(() -> there.provider.asked(KEYS).size() == 2);
    }
  }

  @Test
  void one_that_is_down_is_asked_less_and_less_often() throws Exception {
    try (var there = Acquaintance.inHaste("")) {
      there.provider.fault(METADATA, Fault.FAILS);
      var start = there.clock.instant();
      var askedAt = new ArrayList<Integer>();
      for (int second = 0; second < 1000; second += 5) {
        there.clock.hold(start.plusSeconds(second));
        there.watch.askDue();
        await(there.watch::isIdle);
        if (there.provider.asked(METADATA).size() > askedAt.size()) {
          askedAt.add(second);
        }
      }

      assertThat(askedAt).containsExactly(0, 5, 15, 35, 75, 155, 315, 615, 915);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatever_its_metadata_are_nobody_waits_long_and_it_is_told_why(Fault fault) {
    try (var there = Acquaintance.inHaste("")) {
      there.provider.fault(METADATA, fault);
      var start = Instant.now();

      assertUnavailable(there, words(fault, "its metadata are no JSON"));

      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
      assertThat(there.provider.asked(ELSEWHERE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatever_its_keys_are_nobody_comes_in(Fault fault) {
    try (var there = Acquaintance.inHaste("")) {
      there.provider.fault(KEYS, fault);

      assertUnavailable(there, words(fault, "they are no JWK set"));

      assertThat(there.provider.asked(ELSEWHERE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatever_its_token_endpoint_says_nobody_comes_in(Fault fault) {
    try (var there = Acquaintance.inHaste("")) {
      var callback = there.travel();
      there.provider.fault(TOKEN, fault);

      var problem = catchThrowableOfType(ProviderProblem.class, () -> there.arrive(callback));

      assertThat(problem).hasMessageContaining(words(fault, "holds no access token"));
      assertThat(there.provider.asked(TOKEN)).as("a code is sent once").hasSize(1);
      assertThat(there.provider.asked(ELSEWHERE)).isEmpty();
      // Whatever one call alone may have brought about is nobody else's trouble.
      boolean isDown = Set.of(Fault.HANGS, Fault.TRICKLES, Fault.IS_AWAY).contains(fault);
      assertThat(trouble(there).isPresent()).as("the login page says so").isEqualTo(isDown);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatever_its_userinfo_is_nobody_comes_in(Fault fault) {
    try (var there = Acquaintance.inHaste("fetch_userinfo: true")) {
      there.provider.fault(USERINFO, fault);

      var problem = catchThrowableOfType(ProviderProblem.class, there::signIn);

      assertThat(problem).hasMessageContaining(words(fault, "is no JSON object"));
      assertThat(there.provider.asked(ELSEWHERE)).isEmpty();
    }
  }

  @Test
  void one_that_hangs_keeps_sixteen_waiting_and_no_more() throws Exception {
    try (var there = Acquaintance.within(Duration.ofSeconds(2));
        var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var callback = there.travel();
      there.provider.fault(TOKEN, Fault.HANGS);
      var start = Instant.now();

      var arrivals =
          IntStream.range(0, 40)
              .mapToObj(
                  _ ->
                      people.submit(
                          (Callable<Object>)
                              () ->
                                  catchThrowableOfType(
                                      ProviderProblem.class, () -> there.arrive(callback))))
              .toList();
      int turnedAway = 0;
      for (var arrival : arrivals) {
        turnedAway += arrival.get().toString().contains("too many calls") ? 1 : 0;
      }

      assertThat(turnedAway).isEqualTo(24);
      assertThat(there.provider.asked(TOKEN)).hasSize(16);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(6));
    }
  }

  @Test
  void who_has_been_there_already_comes_in_though_nobody_else_is_sent_there() throws Exception {
    try (var there = Acquaintance.inHaste("")) {
      var callback = there.travel();
      there.provider.fault(METADATA, Fault.FAILS);
      there.clock.advance(Duration.ofMinutes(15));
      there.watch.askDue();
      await(() -> trouble(there).isPresent());

      assertThat(there.arrive(callback).subject()).hasValue("alice");
      assertUnavailable(there, "answers 500");
    }
  }

  @Test
  void a_signature_nobody_knows_makes_us_ask_no_more_often_while_the_provider_is_down() {
    try (var there = Acquaintance.inHaste("")) {
      there.signIn();
      there.provider.signature(FakeUpstream.Signature.FORGED);
      var forged = there.provider.idToken("n");
      there.provider.fault(KEYS, Fault.FAILS);
      there.clock.advance(Duration.ofSeconds(31));

      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> there.signature.handle(there.config, "RS256", forged, "it"))
            .isInstanceOf(ProviderProblem.class);
      }

      assertThat(there.provider.asked(KEYS)).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "issuer,https://evil.example,its metadata are of the issuer https://evil.example",
    "token_endpoint,http://user:pass@127.0.0.1/,its token_endpoint has credentials",
    "jwks_uri,file:///etc/passwd,its jwks_uri is no http address"
  })
  void metadata_that_lie_are_not_used(String name, String value, String words) {
    try (var there = Acquaintance.with("discovery_mode: oidc")) {
      there.provider.onMetadata(it -> it.put(name, value));

      assertUnavailable(there, words);
    }
  }

  @Test
  void with_discovery_insecure_the_issuer_of_metadata_does_not_matter() {
    try (var there = Acquaintance.with("discovery_mode: insecure")) {
      there.provider.onMetadata(it -> it.put("issuer", "https://login.example/{tenantid}/v2.0"));

      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void what_was_read_again_holds_from_then_on() {
    try (var there = Acquaintance.with("")) {
      there.provider.changeClientSecret("another one");
      assertThatThrownBy(there::signIn).hasMessageContaining("invalid_client");

      var again = Acquaintance.upstream(there.provider.yaml("client_secret: another one"));
      there.providers.replace(again);
      var config = there.providers.find(there.config.id()).orElseThrow();
      var secrets = there.depart();
      var callback =
          there.go(there.ask.handle(config, secrets, Acquaintance.NOTHING_MORE, PassedOn.NOTHING));
      var identity = there.fetch.handle(config, Secret.of(callback.get("code")), secrets, callback);

      assertThat(identity.subject()).hasValue("alice");
    }
  }

  @Test
  void where_one_signs_out_is_told_if_it_is_known() {
    try (var there = Acquaintance.with("")) {
      assertThat(endSession(there)).as("nobody asks for it").isEmpty();
      var identity = there.signIn();

      var address =
          there.endSession.of(
              there.config, identity.idToken(), "https://auth.example.com/", "state");

      assertThat(Acquaintance.query(address.orElseThrow()))
          .containsEntry("id_token_hint", identity.idToken().orElseThrow().reveal())
          .containsEntry("post_logout_redirect_uri", "https://auth.example.com/")
          .containsEntry("state", "state");
    }
    try (var there = Acquaintance.with("")) {
      there.provider.onMetadata(it -> it.remove("end_session_endpoint"));
      there.signIn();
      assertThat(endSession(there)).isEmpty();
    }
  }

  @Test
  void names_are_what_people_call_them() {
    var named = Map.of("human_name: Work", "Work", "", "127.0.0.1");
    named.forEach(
        (further, name) -> {
          try (var there = Acquaintance.with(further)) {
            assertThat(Providers.nameOf(there.config)).startsWith(name).doesNotContain("://");
          }
        });
  }

  private static Optional<URI> endSession(Acquaintance there) {
    return there.endSession.of(there.config, Optional.empty(), "https://auth.example.com/", "s");
  }

  private static String words(Fault fault, String ofBabble) {
    return switch (fault) {
      case HANGS, TRICKLES -> "no whole answer within";
      case OVERSIZED -> "the answer is larger than";
      case FAILS -> "answers 500";
      case IS_AWAY -> "answers 503";
      case HAS_ENOUGH -> "answers 429";
      case REDIRECTS -> "a redirect, and none is followed";
      case BABBLES -> ofBabble;
    };
  }

  private static Optional<String> trouble(Acquaintance there) {
    return there.watch.trouble(there.config.id());
  }

  private static void assertUnavailable(Acquaintance there, String words) {
    assertThat(catchThrowableOfType(ProviderProblem.class, there::signIn))
        .isNotNull()
        .hasMessageContaining(words)
        .satisfies(it -> assertThat(it.kind()).isInstanceOf(Kind.Unavailable.class));
  }

  private static void await(Callable<Boolean> until) throws Exception {
    for (int tries = 0; !until.call(); tries++) {
      assertThat(tries).isLessThan(500);
      Thread.sleep(10);
    }
  }
}
