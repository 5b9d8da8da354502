package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.TOKEN;
import static latchkey.world.FakeUpstream.Endpoint.USERINFO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.RevalidateIdentity.Outcome;
import latchkey.world.FakeUpstream.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("RFC6749-6")
class RevalidateIdentityTest {
  @Test
  void somebody_who_is_still_there_is_as_they_are_now() {
    try (var there = Acquaintance.with("fetch_userinfo: true")) {
      var before = there.signIn().refreshToken().orElseThrow();
      there.provider.person("alice", Map.of("email", "new@example.org"));

      var outcome = there.revalidate.handle(there.config, before);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Still.class,
              it -> {
                var identity = it.identity();
                assertThat(identity.subject()).hasValue("alice");
                assertThat(identity.claims().userinfo().orElseThrow())
                    .containsEntry("email", "new@example.org");
                assertThat(identity.refreshToken()).isPresent().isNotEqualTo(before);
                assertThat(
                        there.revalidate.handle(
                            there.config, identity.refreshToken().orElseThrow()))
                    .isInstanceOf(Outcome.Still.class);
              });
    }
  }

  @Test
  void somebody_who_was_disabled_is_gone() {
    try (var there = Acquaintance.with("")) {
      var token = there.signIn().refreshToken().orElseThrow();
      there.provider.disable("alice");

      assertThat(there.revalidate.handle(there.config, token)).isInstanceOf(Outcome.Gone.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void a_provider_in_trouble_makes_nobody_go(Fault fault) {
    try (var there = Acquaintance.inHaste("")) {
      var token = there.signIn().refreshToken().orElseThrow();
      there.provider.fault(TOKEN, fault);

      assertThat(there.revalidate.handle(there.config, token)).isInstanceOf(Outcome.Unknown.class);
    }
  }

  @Test
  void nor_does_one_that_is_down_or_does_not_accept_us() {
    try (var there = Acquaintance.inHaste("")) {
      var token = there.signIn().refreshToken().orElseThrow();

      there.provider.changeClientSecret("another");
      assertThat(there.revalidate.handle(there.config, token)).isInstanceOf(Outcome.Unknown.class);

      there.provider.goDown();
      assertThat(there.revalidate.handle(there.config, token)).isInstanceOf(Outcome.Unknown.class);
    }
  }

  @Test
  void a_refresh_token_that_came_before_trouble_is_not_lost() {
    try (var there = Acquaintance.inHaste("fetch_userinfo: true")) {
      var token = there.signIn().refreshToken().orElseThrow();
      there.provider.fault(USERINFO, Fault.FAILS);

      var outcome = there.revalidate.handle(there.config, token);

      there.provider.fault(USERINFO, Fault.BABBLES);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Unknown.class,
              it -> assertThat(it.refreshToken()).isPresent().isNotEqualTo(token));
    }
  }

  @Test
  void an_id_token_that_is_wrong_makes_nobody_go_and_is_not_believed() {
    try (var there = Acquaintance.with("")) {
      var token = there.signIn().refreshToken().orElseThrow();
      there.provider.onIdToken(it -> it.put("aud", "another"));

      assertThat(there.revalidate.handle(there.config, token)).isInstanceOf(Outcome.Unknown.class);
      assertThat(there.revalidate.handle(there.config, Secret.of("no such token")))
          .isInstanceOf(Outcome.Gone.class);
    }
  }
}
