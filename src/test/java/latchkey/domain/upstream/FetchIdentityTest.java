package latchkey.domain.upstream;

import static latchkey.world.FakeUpstream.Endpoint.AUTHORIZE;
import static latchkey.world.FakeUpstream.Endpoint.KEYS;
import static latchkey.world.FakeUpstream.Endpoint.METADATA;
import static latchkey.world.FakeUpstream.Endpoint.TOKEN;
import static latchkey.world.FakeUpstream.Endpoint.USERINFO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.oauth.Pkce;
import latchkey.domain.upstream.AuthorizationParameters.Sent;
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
    "none,''",
    "client_secret_basic,''",
    "client_secret_post,''",
    "client_secret_jwt,HS256",
    "private_key_jwt,RS256",
    "private_key_jwt,ES256"
  })
  @Tag("OIDC-Core-9")
  void we_prove_ourselves_in_the_way_that_is_configured(String method, String algorithm) {
    var further =
        "token_endpoint_auth_method: "
            + method
            + (algorithm.isEmpty() ? "" : "\ntoken_endpoint_auth_signing_alg: " + algorithm)
            + "\nclient_secret: "
            + (method.startsWith("client_secret")
                ? '"' + FakeUpstream.CLIENT_SECRET + '"'
                : "null");
    try (var there = Acquaintance.with(further)) {
      there.provider.demand(method);
      there.provider.trustClientKeys(new String(there.signingKeys.jwks(), StandardCharsets.UTF_8));

      assertThat(there.signIn().subject()).hasValue("alice");
      assertThat(there.signIn().subject()).as("once more, by another assertion").isPresent();
    }
  }

  @Test
  void apple_wants_a_secret_that_is_signed_anew_each_time() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    var pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----";
    var further =
        """
        token_endpoint_auth_method: sign_in_with_apple
        client_secret: null
        sign_in_with_apple: {team_id: TEAM, key_id: KEY, private_key: "%s"}
        """
            .formatted(pem.replace("\r\n", "\n").replace("\n", "\\n"));
    try (var there = Acquaintance.with(further)) {
      var publicKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).build();
      there.provider.demandApple("TEAM", "KEY", publicKey.toJSONString());

      assertThat(there.signIn().subject()).hasValue("alice");
    }
  }

  @Test
  void a_secret_that_was_changed_there_is_told_clearly_and_nobody_sees_it() {
    try (var there = Acquaintance.with("");
        var log = Logs.of(AskTokens.class)) {
      there.provider.changeClientSecret("another");

      var problem = catchThrowableOfType(ProviderProblem.class, there::signIn);

      assertThat(problem.kind())
          .isInstanceOfSatisfying(Kind.Refused.class, it -> assertThat(it.isAboutUs()).isTrue());
      assertThat(log.texts())
          .singleElement()
          .asString()
          .contains("invalid_client", "client_secret", "until client_id")
          .doesNotContain(FakeUpstream.CLIENT_SECRET, "another");
      assertThat(there.watch.trouble(there.config.id())).as("it is not down").isEmpty();
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
