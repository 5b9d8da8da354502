package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.AUTHORIZE;
import static latchkey.world.FakeUpstream.Endpoint.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.upstream.AuthorizationParameters.Sent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What somebody takes along to a provider.
class AskProviderTest {
  @Test
  void trips_have_secrets_of_their_own_that_are_the_same_at_every_replica() {
    try (var there = Acquaintance.with("")) {
      var first = there.depart();
      var second = there.depart();

      assertThat(List.of(second.state(), second.nonce(), second.verifier()))
          .doesNotContain(first.state(), first.nonce(), first.verifier());
      assertThat(new Trips(new byte[32]).secrets(new java.util.UUID(0, 2), there.config.id()))
          .isEqualTo(second);
      assertThat(first.toString()).doesNotContain(first.state().reveal());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "auto,true",
    "auto,false",
    "always,true",
    "always,false",
    "never,true",
    "never,false"
  })
  @Tag("RFC7636-4.3")
  void a_challenge_is_sent_when_it_is_configured_or_offered(String pkce, boolean offered) {
    try (var there = Acquaintance.with("pkce_method: " + pkce)) {
      if (!offered) {
        there.provider.onMetadata(it -> it.remove("code_challenge_methods_supported"));
      }

      assertThat(there.signIn().subject()).hasValue("alice");

      boolean expected = pkce.equals("always") || (pkce.equals("auto") && offered);
      assertThat(there.provider.lastAsked(AUTHORIZE).containsKey("code_challenge"))
          .isEqualTo(expected);
      assertThat(there.provider.lastAsked(TOKEN).containsKey("code_verifier")).isEqualTo(expected);
    }
  }

  @Test
  void what_is_configured_to_be_sent_along_comes_last_and_outweighs_what_a_client_wants() {
    try (var there = Acquaintance.with("response_mode: form_post")) {
      var extra = new Sent(Map.of("prompt", "consent", "kc_idp_hint", "a b&c"), List.of());
      var wanted =
          new PassedOn(
              List.of("gold", "silver"), Optional.of(Duration.ofMinutes(5)), Optional.of("login"));

      var address = there.ask.handle(there.config, there.depart(), extra, wanted);

      assertThat(Acquaintance.query(address))
          .containsEntry("response_mode", "form_post")
          .containsEntry("acr_values", "gold silver")
          .containsEntry("max_age", "300")
          .containsEntry("prompt", "consent")
          .containsEntry("kc_idp_hint", "a b&c");
      assertThat(address.getRawQuery().split("prompt=", -1)).hasSize(2);
    }
  }

  /// Initiating User Registration 1.0 §4: a provider that does not know `create` may refuse it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create          |        | ''",
        "create login    |        | login",
        "create          | create | create",
        "create login    | create | create",
        "select_account  |        | select_account"
      })
  void a_prompt_is_one_that_the_provider_takes(String wanted, String known, String sent) {
    try (var there = Acquaintance.with("")) {
      if (known != null) {
        there.provider.onMetadata(it -> it.put("prompt_values_supported", List.of(known)));
      }
      var passedOn = new PassedOn(List.of(), Optional.empty(), Optional.of(wanted));

      var address =
          there.ask.handle(there.config, there.depart(), Acquaintance.NOTHING_MORE, passedOn);

      assertThat(Acquaintance.query(address).getOrDefault("prompt", "")).isEqualTo(sent);
    }
  }

  @Test
  void an_authorization_endpoint_may_have_a_query_of_its_own() {
    try (var there = Acquaintance.with("")) {
      there.provider.onMetadata(
          it -> it.put("authorization_endpoint", there.provider.url(AUTHORIZE) + "?p=policy"));

      var address =
          there.ask.handle(
              there.config, there.depart(), Acquaintance.NOTHING_MORE, PassedOn.NOTHING);

      assertThat(address.toString()).contains("/authorize?p=policy&response_type=code&");
    }
  }
}
