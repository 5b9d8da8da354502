package latchkey.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import latchkey.domain.client.ClientMetadata;
import latchkey.domain.client.ClientView;
import latchkey.domain.user.UserView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The built-in rules (`policy.md` 5.3 to 5.5), and what an admin lays over them.
class PoliciesTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String API = "urn:matrix:client:api:*";
  private static final String DEVICE = "urn:matrix:client:device:";
  private static final String UNSTABLE = "urn:matrix:org.matrix.msc2967.client:";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "openid email profile",
        "urn:mas:graphql:*",
        API,
        API + " " + DEVICE + "ABCDEFGHIJ",
        API + " " + DEVICE + "a.-_~!$&'()*+,;=:@/",
        UNSTABLE + "api:* " + UNSTABLE + "device:ABCDEFGHIJ",
        API + " urn:example:reports"
      })
  void a_person_may_give_these_scopes(String scope) throws Exception {
    assertThat(objections(Map.of(), scope)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phone",
        "offline_access",
        "urn:matrix:client:api:foo",
        "urn:matrix:client:*",
        "urn:synapse:admin:*",
        "urn:mas:admin",
        API + " " + DEVICE + "ABCDEFGHI",
        API + " " + DEVICE + "ABCDEFGH%J",
        API + " " + DEVICE + "ABCDEFGHIJ " + DEVICE + "ABCDEFGHIK",
        UNSTABLE + "api:* " + UNSTABLE + "device:ABCDEFGHIJ " + UNSTABLE + "device:ABCDEFGHIK",
        DEVICE + "ABCDEFGHIJ",
        UNSTABLE + "device:ABCDEFGHIJ",
        API + " " + UNSTABLE + "device:ABCDEFGHIJ",
        UNSTABLE + "api:* " + DEVICE + "ABCDEFGHIJ"
      })
  void nobody_may_give_these_scopes_and_asking_again_does_not_help(String scope) throws Exception {
    assertThat(objections(Map.of(), scope)).isNotEmpty().allMatch(Violation::isFinal);
  }

  @Test
  void a_device_of_256_characters_is_too_long() throws Exception {
    assertThat(objections(Map.of(), API + " " + DEVICE + "x".repeat(255))).isEmpty();
    assertThat(objections(Map.of(), API + " " + DEVICE + "x".repeat(256))).isNotEmpty();
  }

  @Test
  void every_scope_that_is_refused_is_told() throws Exception {
    assertThat(objections(Map.of(), "openid phone address"))
        .extracting(Violation::message)
        .containsExactlyInAnyOrder(
            "the scope phone is not allowed", "the scope address is not allowed");
  }

  @Test
  void admin_scopes_are_for_those_who_have_the_right_or_are_named() throws Exception {
    var named = load(Map.of("admin_users", List.of("alice")));

    assertThat(ask(named, user("alice", false), "urn:synapse:admin:*", at("203.0.113.7", "x")))
        .isEmpty();
    assertThat(ask(named, user("bob", true), "urn:mas:admin", at("203.0.113.7", "x"))).isEmpty();
    assertThat(ask(named, user("bob", false), "urn:mas:admin", at("203.0.113.7", "x")))
        .isNotEmpty();
    assertThat(named.namesAdmin("alice")).isTrue();
    assertThat(named.namesAdmin("bob")).isFalse();
    assertThat(load(Map.of()).namesAdmin("alice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.7, x, true",
    "192.168.2.7, x, false",
    "::1, x, true",
    "::2, x, false",
    ", x, false",
    "10.0.0.1, BadBot/2, true",
    "10.0.0.1, NotBad, false",
    "10.0.0.1, , false",
    "10.0.0.1, curl/8.1, true",
  })
  void a_requester_is_banned_by_address_or_program(String address, String agent, boolean banned)
      throws Exception {
    var policies =
        load(
            Map.of(
                "requester",
                Map.of(
                    "banned_ips",
                    List.of("192.168.1.0/24", "::1"),
                    "banned_user_agents",
                    Map.of("prefixes", List.of("BadBot"), "regexes", List.of("^curl/[0-9.]+$")))));

    var violations = ask(policies, user("alice", false), "openid", at(address, agent));

    assertThat(!violations.isEmpty()).isEqualTo(banned);
    assertThat(violations).noneMatch(Violation::isFinal);
  }

  @Test
  void each_switch_of_registration_opens_its_own_door() throws Exception {
    var insecure = load(registration("allow_insecure_uris"));
    var mismatch = load(registration("allow_host_mismatch"));
    var missing = load(registration("allow_missing_client_uri"));
    var none = load(Map.of());

    var plain =
        Map.<String, Object>of(
            "client_uri", "http://a.example/", "redirect_uris", List.of("http://a.example/cb"));
    var elsewhere =
        Map.<String, Object>of(
            "client_uri", "https://a.example/", "redirect_uris", List.of("https://b.example/cb"));
    var homeless = Map.<String, Object>of("redirect_uris", List.of("https://b.example/cb"));

    assertThat(List.of(none, mismatch, missing)).allMatch(rules -> refuses(rules, plain));
    assertThat(refuses(insecure, plain)).isFalse();
    assertThat(List.of(none, insecure)).allMatch(rules -> refuses(rules, elsewhere));
    assertThat(List.of(mismatch, missing)).noneMatch(rules -> refuses(rules, elsewhere));
    assertThat(List.of(none, insecure, mismatch)).allMatch(rules -> refuses(rules, homeless));
    assertThat(refuses(missing, homeless)).isFalse();
  }

  @Test
  void data_is_laid_in_layers() throws Exception {
    assertThat(PolicyData.of("a.example", Map.of("server_name", "b.example")))
        .containsEntry("server_name", "b.example");
    var absent = new HashMap<String, Object>();
    absent.put("session_limit", null);
    assertThat(PolicyData.of("a.example", absent)).doesNotContainKey("session_limit");
    assertThat(PolicyData.of("a.example", Map.of("session_limit", Map.of("soft_limit", 5L))))
        .containsEntry("session_limit", Map.of("soft_limit", 5L));
    assertThatThrownBy(() -> PolicyData.of("a.example", Map.of("server_name", 5L)))
        .isInstanceOf(PolicyData.Conflict.class)
        .hasMessageContaining("server_name");
  }

  @Test
  void a_file_of_the_same_name_takes_the_place_of_the_built_in_one() throws Exception {
    write(
        "authorization_grant.yaml", "rules: [{name: open house, when: 'false', message: \"''\"}]");

    assertThat(objections(Map.of(), "anything goes")).isEmpty();
  }

  @Test
  void a_file_with_a_word_more_adds_to_the_built_in_one() throws Exception {
    write(
        "authorization_grant.noon.yaml",
        """
        define: {hour: timestamp(input.time).getHours()}
        rules: [{name: lunch, when: define.hour == 12, message: "'at ' + string(define.hour)", final: true}]
        """);

    assertThat(objections(Map.of(), "openid"))
        .containsExactly(new Violation("at 12", null, null, null, true));
    assertThat(objections(Map.of(), "phone")).hasSize(2);
  }

  @Test
  void a_rule_that_fails_objects_for_the_moment_and_the_others_are_asked_all_the_same()
      throws Exception {
    write(
        "authorization_grant.broken.yaml",
        """
        rules:
          - {name: broken, when: input.user.username == 'alice' && input.nowhere == 1, message: "''"}
          - {name: works, when: input.user.username == 'alice', message: "'hello'"}
        """);

    assertThat(objections(Map.of(), "openid"))
        .extracting(Violation::message)
        .containsExactlyInAnyOrder("hello", "a rule of this server could not be asked");
    assertThat(ask(load(Map.of()), user("bob", false), "openid", at("10.0.0.1", "x"))).isEmpty();
  }

  private List<Violation> objections(Map<String, Object> data, String scope) throws Exception {
    return ask(load(data), user("alice", false), scope, at("203.0.113.7", "js-sdk"));
  }

  private static List<Violation> ask(
      Policies policies, UserView user, String scope, Policies.Requester requester) {
    var metadata =
        new ClientMetadata(
            List.of("https://app.example/cb"),
            List.of("authorization_code"),
            List.of("code"),
            "web",
            "none",
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null);
    var client = new ClientView(new UUID(1, 1), metadata, null, null, null, false, NOON);
    return policies.authorizationGrant(
        user,
        client,
        Scope.parse(scope).orElseThrow(),
        Set.of("urn:example:reports"),
        "authorization_code",
        null,
        requester);
  }

  private static boolean refuses(Policies policies, Map<String, Object> metadata) {
    return !policies.clientRegistration(metadata, at("203.0.113.7", "x")).isEmpty();
  }

  private static Map<String, Object> registration(String option) {
    return Map.of("client_registration", Map.of(option, true));
  }

  private static UserView user(String name, boolean admin) {
    return new UserView(new UUID(2, 2), name, NOON, false, false, admin, false);
  }

  private static Policies.Requester at(String address, String agent) {
    return new Policies.Requester(address, agent);
  }

  private Policies load(Map<String, Object> data) throws Exception {
    return Policies.load(
        PolicyData.of("example.com", data), folder, Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
