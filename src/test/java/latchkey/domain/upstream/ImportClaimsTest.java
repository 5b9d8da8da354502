package latchkey.domain.upstream;

import static latchkey.domain.upstream.SampleClaims.ALICE;
import static latchkey.domain.upstream.SampleClaims.idToken;
import static latchkey.domain.upstream.SampleClaims.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ImportOutcome.Attribute;
import latchkey.domain.upstream.ImportOutcome.Imported;
import latchkey.domain.upstream.ImportOutcome.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What of a person's claims becomes part of an account (`configuration.md` 12.2, `pages.md` 5.4).
class ImportClaimsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void without_settings_only_the_subject_is_taken() throws Exception {
    var imported = imported("{}", idToken(ALICE));

    assertThat(imported.subject()).isEqualTo("248289761001");
    assertThat(List.of(imported.localpart(), imported.displayname(), imported.email()))
        .containsOnly(new Attribute(Action.IGNORE, Optional.empty()));
    assertThat(imported.accountName()).isEmpty();
    assertThat(imported.unfit()).isEmpty();
  }

  @Test
  void a_subject_longer_than_the_table_takes_is_nobody() throws Exception {
    assertThat(outcome("{}", idToken(Map.of("sub", "x".repeat(512))))).isInstanceOf(Imported.class);

    assertThat(outcome("{}", idToken(Map.of("sub", "x".repeat(513)))))
        .isInstanceOfSatisfying(
            Refused.class,
            it -> assertThat(it.unfit().reason()).isEqualTo("renders to more than 512 characters"));
  }

  @ParameterizedTest
  @CsvSource({"suggest, false, true", "force, true, false", "require, true, false"})
  void each_action_takes_the_default_claims(String action, boolean fixed, boolean suggested)
      throws Exception {
    var imported =
        imported(
            "{localpart: {action: %1$s}, displayname: {action: %1$s}, email: {action: %1$s}}"
                .formatted(action),
            idToken(ALICE));

    assertThat(imported.localpart().value()).contains("alice");
    assertThat(imported.displayname().value()).contains("Alice Smith");
    assertThat(imported.email().value()).contains("alice@example.com");
    assertThat(List.of(imported.localpart(), imported.displayname(), imported.email()))
        .allMatch(attribute -> attribute.isFixed() == fixed)
        .allMatch(attribute -> attribute.isSuggested() == suggested);
  }

  @ParameterizedTest
  @ValueSource(strings = {"suggest", "force"})
  void what_is_not_there_and_not_required_is_done_without(String action) throws Exception {
    var imported =
        imported(
            ("{localpart: {action: %1$s}, displayname: {action: %1$s, template: '{{ user.a.b }}'},"
                    + " email: {action: %1$s}}")
                .formatted(action),
            idToken(Map.of("sub", "1", "email", "")));

    assertThat(imported.localpart().value()).isEmpty();
    assertThat(imported.displayname().value()).isEmpty();
    assertThat(imported.email().value()).isEmpty();
    assertThat(imported.email().isFixed()).isFalse();
    assertThat(imported.unfit())
        .extracting(Object::toString)
        .containsExactly(
            "claims_imports.localpart.template: renders to nothing; not there: user.preferred_username",
            "claims_imports.displayname.template, line 1: undefined value: there is no user.a; not there: user.a",
            "claims_imports.email.template: renders to nothing");
  }

  @ParameterizedTest
  @CsvSource({"localpart, user.preferred_username", "displayname, user.name", "email, user.email"})
  void what_is_required_and_not_there_is_refused_with_the_template_and_the_claim(
      String attribute, String claim) throws Exception {
    var outcome =
        outcome("{%s: {action: require}}".formatted(attribute), idToken(Map.of("sub", "1")));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.unfit().key()).isEqualTo(attribute + ".template");
              assertThat(refused.unfit().missing()).containsExactly(claim);
            });
  }

  @Test
  void what_is_required_and_fails_is_refused() throws Exception {
    var outcome =
        outcome(
            "{email: {action: require, template: \"{{ user.email | from_json }}\"}}",
            idToken(ALICE));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.unfit())
                    .hasToString(
                        "claims_imports.email.template, line 1: from_json: this text is no JSON"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ user.nothing }}",
        "",
        "{{ user.no.thing }}",
        "{{ 1 // 0 }}",
        "{{ \\\"a\\\\u0000b\\\" }}"
      })
  void nobody_comes_in_without_a_subject(String template) throws Exception {
    var outcome = outcome("{subject: {template: \"%s\"}}".formatted(template), idToken(ALICE));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.unfit().key()).isEqualTo("subject.template"));
  }

  @Test
  void the_id_token_outweighs_userinfo_and_each_can_be_asked_alone() throws Exception {
    var claims =
        new Claims(
            Optional.of(Map.of("sub", "1", "name", "From the token")),
            Optional.of(Map.of("sub", "1", "name", "From userinfo", "email", "a@b.example")),
            Map.of());

    var imported =
        imported(
            """
            displayname: {action: force, template: "{{ user.name }}"}
            email: {action: force, template: "{{ userinfo_claims.name }}, {{ user.email }}"}
            account_name: {template: "{{ id_token_claims.name }}"}
            """,
            claims);

    assertThat(imported.displayname().value()).contains("From the token");
    assertThat(imported.email().value()).contains("From userinfo, a@b.example");
    assertThat(imported.accountName()).contains("From the token");
  }

  @Test
  void a_source_that_was_not_asked_is_undefined() throws Exception {
    var imported =
        imported("account_name: {template: \"{{ userinfo_claims is defined }}\"}", idToken(ALICE));
    var outcome = outcome("subject: {template: \"{{ userinfo_claims.sub }}\"}", idToken(ALICE));

    assertThat(imported.accountName()).contains("false");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.unfit().missing()).containsExactly("userinfo_claims"));
  }

  /// MiniJinja prints them as `none`, and nobody is called that.
  @Test
  void a_claim_that_is_null_is_not_there() throws Exception {
    var claims = new HashMap<String, Object>(ALICE);
    claims.put("email", null);
    var address = new HashMap<String, Object>();
    address.put("country", null);
    claims.put("address", address);

    var imported = imported("email: {action: force}", idToken(claims));
    var within =
        imported(
            "displayname: {action: suggest, template: '{{ user.address.country }}'}",
            idToken(claims));

    assertThat(imported.email().value()).isEmpty();
    assertThat(within.displayname().value()).isEmpty();
  }

  @Test
  void what_is_rendered_is_taken_untrimmed() throws Exception {
    var imported =
        imported("displayname: {action: force, template: ' {{ user.name }} '}", idToken(ALICE));

    assertThat(imported.displayname().value()).contains(" Alice Smith ");
  }

  @Test
  void a_hostile_claim_stops_nothing_but_itself() throws Exception {
    Object deep = "x";
    for (int i = 0; i < 5_000; i++) {
      deep = List.of(deep);
    }

    for (var hostile : List.of(deep, "a".repeat(5_000_000), "{{ user.sub }}{% for x in y %}")) {
      var outcome = outcome("{}", idToken(Map.of("sub", "1", "name", hostile)));

      assertThat(outcome)
          .isEqualTo(
              hostile instanceof String text && text.startsWith("{{")
                  ? imported("{}", idToken(Map.of("sub", "1")))
                  : new Refused(((Refused) outcome).unfit()));
    }
    assertThat(
            imported(
                    "displayname: {action: force}",
                    idToken(Map.of("sub", "1", "name", "{{ user.sub }}")))
                .displayname()
                .value())
        .as("claims are no templates")
        .contains("{{ user.sub }}");
  }

  /// Claims are about people, and logs are not.
  @Test
  void nothing_prints_a_claim() throws Exception {
    var claims = idToken(ALICE);

    assertThat(claims.toString() + imported("email: {action: force}", claims))
        .doesNotContain("alice")
        .doesNotContain("248289761001");
    assertThat(imported("email: {action: force}", claims).email().toString())
        .doesNotContain("alice");
  }

  private Imported imported(String settings, Claims claims) throws Exception {
    return (Imported) outcome(settings, claims);
  }

  private ImportOutcome outcome(String settings, Claims claims) throws Exception {
    var file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        upstream_oauth2:
          providers:
            - id: 01ARZ3NDEKTSV4RRFFQ69G5FAV
              issuer: https://i.example/
              client_id: c
              token_endpoint_auth_method: none
              claims_imports:
        """
            + settings.strip().indent(8));
    return ImportClaims.handle(read(file), claims);
  }
}
