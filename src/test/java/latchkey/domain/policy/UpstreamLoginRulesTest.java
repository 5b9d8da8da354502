package latchkey.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may enter through a provider, and what they may be: `policies/upstream_login.yaml`, and what
/// an admin lays over it.
class UpstreamLoginRulesTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final UUID PROVIDER = Ids.parse("01KB00000000000000000PR0VA").orElseThrow();
  private static final String ID = Ids.text(PROVIDER);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void without_settings_everybody_enters_and_nothing_is_said_about_them() throws Exception {
    var verdict = ask(load(Map.of()), Map.of("groups", List.of("anything")));

    assertThat(verdict.admits()).isTrue();
    assertThat(verdict.undecided()).isFalse();
    assertThat(verdict.admin()).isEmpty();
    assertThat(verdict.scopes()).isEmpty();
  }

  @Test
  void only_members_of_the_allowed_groups_enter() throws Exception {
    var policies = load(settings(Map.of("allowed_groups", List.of("staff", "guests"))));

    assertThat(ask(policies, Map.of("groups", List.of("x", "staff"))).admits()).isTrue();
    assertThat(ask(policies, Map.of("groups", "guests")).admits()).isTrue();
    assertThat(ask(policies, Map.of("groups", List.of("x"))).admits()).isFalse();
    assertThat(ask(policies, Map.of("groups", List.of())).admits()).isFalse();
    assertThat(ask(policies, Map.of()).admits()).isFalse();
    assertThat(ask(policies, Map.of("groups", List.of(1, true))).admits()).isFalse();
    assertThat(ask(policies, Map.of("groups", Map.of("staff", 1))).admits()).isFalse();
  }

  @Test
  void the_settings_of_one_provider_are_nothing_to_another() throws Exception {
    var policies =
        load(
            Map.of(
                "upstream",
                Map.of("01KB00000000000000000PR0VB", Map.of("allowed_groups", List.of("staff")))));

    assertThat(ask(policies, Map.of()).admits()).isTrue();
  }

  @Test
  void groups_can_have_another_name_and_userinfo_counts_where_the_id_token_is_silent()
      throws Exception {
    var policies = load(settings(Map.of("groups_claim", "roles", "admin_groups", List.of("boss"))));

    var verdict =
        policies.upstreamLogin(
            login(Map.of("sub", "s"), Map.of("roles", List.of("boss"))), nobody());
    var overruled =
        policies.upstreamLogin(
            login(Map.of("roles", List.of()), Map.of("roles", List.of("boss"))), nobody());

    assertThat(verdict.admin()).contains(true);
    assertThat(overruled.admin()).contains(false);
  }

  @Test
  void groups_make_admins_and_give_scopes() throws Exception {
    var policies =
        load(
            settings(
                Map.of(
                    "admin_groups",
                    List.of("boss"),
                    "scopes",
                    Map.of(
                        "urn:a",
                        List.of("x", "y"),
                        "urn:b",
                        List.of("z"),
                        "no scope",
                        List.of("x")))));

    var verdict = ask(policies, Map.of("groups", List.of("y", "boss")));

    assertThat(verdict.admin()).contains(true);
    assertThat(verdict.scopes()).containsExactly("urn:a");
    assertThat(ask(policies, Map.of()).admin()).contains(false);
  }

  @Test
  void who_is_refused_is_given_nothing() throws Exception {
    var policies =
        load(settings(Map.of("allowed_groups", List.of("staff"), "admin_groups", List.of("boss"))));

    var verdict = ask(policies, Map.of("groups", List.of("boss")));

    assertThat(verdict.admits()).isFalse();
    assertThat(verdict.admin()).isEmpty();
  }

  @Test
  void rules_of_the_admin_see_everything_and_add_up() throws Exception {
    write(
        "upstream_login.mine.yaml",
        """
        rules:
          - name: verified addresses of ours
            when: "!(has(input.claims.email_verified) && input.claims.email_verified && input.claims.email.endsWith('@example.com'))"
            message: "'your address ' + (has(input.claims.email) ? input.claims.email : '') + ' is none of ours'"
          - name: not at a revalidation
            when: "input.occasion == 'revalidation' && input.claims.level > 3"
            message: "'too high'"
          - name: known here
            when: "has(input.user) && input.user.username == 'eve'"
            message: "'not you, at ' + input.provider.name + ' ' + input.requester.ip_address"
        admin: "has(input.claims.realm_access) && 'root' in input.claims.realm_access.roles"
        scopes: "['urn:mine']"
        """);
    var policies =
        load(
            settings(
                Map.of(
                    "admin_groups", List.of("boss"), "scopes", Map.of("urn:a", List.of("boss")))));
    var claims = new HashMap<String, @Nullable Object>();
    claims.put("email", "a@example.com");
    claims.put("email_verified", true);
    claims.put("level", BigInteger.TWO);
    claims.put("nickname", null);
    claims.put("groups", List.of("boss"));
    claims.put("realm_access", Map.of("roles", List.of("x")));

    var verdict = ask(policies, claims);
    claims.put("email_verified", false);
    var unverified = ask(policies, claims);

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.admin()).contains(true);
    assertThat(verdict.scopes()).containsExactlyInAnyOrder("urn:a", "urn:mine");
    assertThat(unverified.violations())
        .singleElement()
        .extracting(Violation::message)
        .isEqualTo("your address a@example.com is none of ours");
  }

  @Test
  void a_rule_that_cannot_be_asked_objects_and_says_that_nothing_is_certain() throws Exception {
    write(
        "upstream_login.mine.yaml",
        """
        rules:
          - name: stumbles over who has no address
            when: "input.claims.email.endsWith('@example.org')"
            message: "'no'"
        """);

    var verdict = ask(load(Map.of()), Map.of("sub", "s"));

    assertThat(verdict.admits()).isFalse();
    assertThat(verdict.undecided()).isTrue();
  }

  @Test
  void an_expression_that_gives_something_else_stops_the_start_with_its_line() throws Exception {
    write("upstream_login.mine.yaml", "rules: []\nadmin: \"'yes'\"\n");
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(UnusableRules.class)
        .hasMessageContaining("upstream_login.mine.yaml:2")
        .hasMessageContaining("true, false or null");

    write("upstream_login.mine.yaml", "rules: []\nscopes: \"'urn:a'\"\n");
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(UnusableRules.class)
        .hasMessageContaining("list of texts");

    write("upstream_login.mine.yaml", "rules: []\nadmins: \"true\"\n");
    assertThatThrownBy(() -> load(Map.of())).hasMessageContaining("admins: this key is unknown");
  }

  @Test
  void files_about_anything_else_give_nothing() throws Exception {
    write("compat_login.mine.yaml", "rules: []\nadmin: \"true\"\n");

    assertThatThrownBy(() -> load(Map.of())).hasMessageContaining("admin: this key is unknown");
  }

  private static Map<String, Object> settings(Map<String, Object> settings) {
    return Map.of("upstream", Map.of(ID, settings));
  }

  private static UpstreamVerdict ask(Policies policies, Map<String, @Nullable Object> claims) {
    return policies.upstreamLogin(login(claims, Map.of()), nobody());
  }

  private static Policies.UpstreamLogin login(
      Map<String, @Nullable Object> idToken, Map<String, @Nullable Object> userinfo) {
    return new Policies.UpstreamLogin(
        PROVIDER,
        Optional.of("https://provider.example/"),
        "Provider",
        Optional.of(idToken),
        Optional.of(userinfo),
        Map.of(),
        Optional.of(new UserView(new UUID(2, 2), "alice", NOON, false, false, false, false)),
        false);
  }

  private static Policies.Requester nobody() {
    return new Policies.Requester("203.0.113.7", "x");
  }

  private Policies load(Map<String, Object> data) throws UnusableRules {
    var all = new HashMap<>(data);
    all.put("server_name", "example.com");
    return Policies.load(all, folder, Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
