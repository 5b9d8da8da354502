package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.AUTHORIZE;
import static latchkey.world.FakeUpstream.Endpoint.KEYS;
import static latchkey.world.FakeUpstream.Endpoint.METADATA;
import static latchkey.world.FakeUpstream.Endpoint.TOKEN;
import static latchkey.world.FakeUpstream.Endpoint.USERINFO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringWriter;
import java.util.Map;
import latchkey.base.crypto.Secret;
import latchkey.base.oauth.Pkce;
import latchkey.domain.upstream.ProviderProblem.Kind;
import latchkey.world.FakeUpstream;
import latchkey.world.Logs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A trip to a provider, seen from this side of the wire.
class FetchIdentityTest {
  @Test
  @Tag("OIDC-Core-3.1.2.1")
  void somebody_goes_there_with_all_that_binds_the_answer_and_comes_back_proven() {
    try (var there = Acquaintance.with("")) {
      var identity = there.signIn();

      var sent = there.provider.lastAsked(AUTHORIZE);
      assertThat(sent)
          .containsEntry("response_type", "code")
          .containsEntry("client_id", FakeUpstream.CLIENT_ID)
          .containsEntry("scope", "openid")
          .containsEntry(
              "redirect_uri",
              "https://auth.example.com/upstream/callback/01KB0000000000000000000001")
          .containsEntry("code_challenge_method", "S256")
          .containsEntry("state", there.secrets().state().reveal())
          .containsEntry("nonce", there.secrets().nonce().reveal())
          .doesNotContainKeys("response_mode", "acr_values", "max_age", "prompt");
      assertThat(Pkce.matches(there.secrets().verifier().reveal(), sent.get("code_challenge")))
          .isTrue();
      assertThat(identity.subject()).hasValue("alice");
      assertThat(identity.sid()).hasValue(there.provider.sid("alice"));
      assertThat(identity.refreshToken()).isPresent();
      assertThat(identity.idToken()).isPresent();
      assertThat(identity.authTime()).isPresent();
      assertThat(identity.claims().idToken().orElseThrow())
          .containsEntry("email", "alice@example.org");
      assertThat(identity.claims().userinfo()).isEmpty();
      assertThat(identity.toString()).doesNotContain("alice");
      assertThat(there.provider.asked(METADATA)).hasSize(1);
      assertThat(there.provider.asked(KEYS)).hasSize(1);
    }
  }

  @Test
  @Tag("RFC6749-5.2")
  void a_code_is_good_once_and_its_error_is_cut_to_what_one_can_read() {
    try (var there = Acquaintance.with("")) {
      var callback = there.travel();
      there.arrive(callback);

      var problem = catchThrowableOfType(ProviderProblem.class, () -> there.arrive(callback));

      assertThat(problem.kind())
          .isInstanceOfSatisfying(
              Kind.Refused.class,
              it -> {
                assertThat(it.error()).isEqualTo("invalid_grant");
                assertThat(it.isAboutUs()).isFalse();
              });
      assertThat(problem).hasMessageNotContaining(callback.get("code"));
      assertThat(AskTokens.refused("a\"b\n", "x".repeat(300) + "\u0007"))
          .satisfies(
              it -> {
                assertThat(it.error()).isEqualTo("a?b?");
                assertThat(it.description()).hasSize(200);
              });
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "RS256", "ES256", "HS256"})
  @Tag("OIDC-Core-5.3")
  void userinfo_is_fetched_plain_or_signed(String algorithm) {
    var signed = algorithm.isEmpty() ? "" : "\nuserinfo_signed_response_alg: " + algorithm;
    try (var there = Acquaintance.with("fetch_userinfo: true" + signed)) {
      there.provider.signsUserinfo(algorithm);

      assertThat(there.signIn().claims().userinfo().orElseThrow())
          .containsEntry("sub", "alice")
          .containsEntry("email", "alice@example.org");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sub,bob,about somebody else",
    "iss,https://evil.example,is of the issuer https://evil.example",
    "aud,another,and not for client_id"
  })
  @Tag("OIDC-Core-5.3.4")
  void signed_userinfo_of_others_is_not_believed(String claim, String value, String words) {
    try (var there =
        Acquaintance.with("fetch_userinfo: true\nuserinfo_signed_response_alg: RS256")) {
      there.provider.signsUserinfo("RS256");
      there.provider.onUserinfo(it -> it.put(claim, value));

      assertUntrusted(there, words);
    }
  }

  @Test
  void userinfo_that_is_signed_otherwise_than_configured_is_not_believed() {
    try (var there =
        Acquaintance.with("fetch_userinfo: true\nuserinfo_signed_response_alg: RS256")) {
      assertUntrusted(there, "its userinfo is no signed JWT");
      there.provider.signsUserinfo("ES256");
      assertUntrusted(there, "its userinfo is signed with ES256; the configuration says RS256");
    }
    try (var there = Acquaintance.with("fetch_userinfo: true")) {
      there.provider.signsUserinfo("RS256");
      assertUntrusted(there, "set userinfo_signed_response_alg");
    }
  }

  @Test
  void a_provider_of_oauth_alone_needs_neither_issuer_nor_id_token() {
    try (var there = Acquaintance.with("")) {
      var entry =
          there
              .provider
              .yaml(
                  """
                  discovery_mode: disabled
                  scope: read:user
                  fetch_userinfo: true
                  authorization_endpoint: %s
                  token_endpoint: %s
                  userinfo_endpoint: %s
                  """
                      .formatted(
                          there.provider.url(AUTHORIZE),
                          there.provider.url(TOKEN),
                          there.provider.url(USERINFO)))
              .replaceAll("(?m)^ *issuer: .*\n", "");
      var github = Acquaintance.upstream(entry).providers().getFirst();
      there.provider.hasGitHubManners();
      there.provider.person("octo", Map.of("id", 583_231_000_123L, "login", "octocat"));

      var secrets = there.depart();
      var address = there.ask.handle(github, secrets, Acquaintance.NOTHING_MORE, PassedOn.NOTHING);
      var callback = there.go(address);
      var identity = there.fetch.handle(github, Secret.of(callback.get("code")), secrets, callback);

      assertThat(Acquaintance.query(address)).doesNotContainKeys("nonce", "code_challenge");
      assertThat(identity.claims().idToken()).isEmpty();
      assertThat(identity.claims().userinfo().orElseThrow()).containsEntry("id", 583_231_000_123L);
      assertThatThrownBy(() -> there.fetch.handle(github, Secret.of("used"), secrets, Map.of()))
          .as("an error with status 200")
          .hasMessageContaining("invalid_grant");
      assertThat(there.provider.asked(METADATA)).isEmpty();
    }
  }

  @Test
  void no_id_token_though_openid_was_asked_for_lets_nobody_in() {
    try (var there = Acquaintance.with("")) {
      there.provider.hasNoIdTokens();

      assertUntrusted(there, "it gave no ID token");
    }
  }

  @Test
  void only_what_no_specification_names_becomes_a_claim() {
    try (var there = Acquaintance.with("")) {
      there.provider.onCallback(
          it -> {
            it.put("user", "{\"name\":{}}");
            it.put("session_state", "x");
          });

      assertThat(there.signIn().claims().callbackParameters())
          .containsExactly(Map.entry("user", "{\"name\":{}}"));
    }
  }

  @Test
  @Tag("RFC9207-2.4")
  void an_answer_of_another_provider_is_not_taken_for_this_ones() {
    try (var there = Acquaintance.with("")) {
      var callback = there.travel();
      callback.put("iss", "https://evil.example");
      assertThatThrownBy(() -> there.arrive(callback)).hasMessageContaining("another provider's");

      callback.remove("iss");
      assertThatThrownBy(() -> there.arrive(callback))
          .as("it says that it always names itself")
          .hasMessageContaining("another provider's");
      assertThat(there.provider.asked(TOKEN)).as("the code went nowhere").isEmpty();
    }
    try (var there = Acquaintance.with("")) {
      there.provider.onMetadata(it -> it.remove("authorization_response_iss_parameter_supported"));
      there.provider.onCallback(it -> it.remove("iss"));
      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void nothing_that_was_given_is_told_to_a_log() {
    var told = new StringWriter();
    try (var there = Acquaintance.with("");
        var log = Logs.of("latchkey")) {
      var callback = there.travel();
      var identity = there.arrive(callback);
      log.texts().forEach(told::write);

      assertThat(told.toString())
          .doesNotContain(
              callback.get("code"), identity.refreshToken().orElseThrow().reveal(), "alice");
    }
  }

  private static void assertUntrusted(Acquaintance there, String words) {
    assertThat(catchThrowableOfType(ProviderProblem.class, there::signIn))
        .isNotNull()
        .hasMessageContaining(words)
        .satisfies(it -> assertThat(it.kind()).isInstanceOf(Kind.Untrusted.class));
  }
}
