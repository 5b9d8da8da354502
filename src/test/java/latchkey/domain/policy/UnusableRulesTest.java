package latchkey.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A mistake in a rule is told before anything is decided with it: file, line, reason.
class UnusableRulesTest {
  private static final String FILE = "authorization_grant.mine.yaml";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void an_expression_that_does_not_compile() {
    refused(
        4,
        "undeclared reference to 'inptu'",
        """
        # a comment
        rules:
          - name: mine
            when: inptu.scopes == []
            message: "'no'"
        """);
  }

  @Test
  void a_text_that_is_no_yaml() {
    refused(3, "this is no YAML", "rules:\n  - name: mine\n  when: [\n");
  }

  @Test
  void a_misspelt_key_which_would_make_a_rule_that_never_holds() {
    refused(3, "wen: this key is unknown here", "rules:\n  - name: mine\n    wen: 'true'\n");
    refused(2, "rule: this key is unknown here", "rules: []\nrule: []\n");
  }

  @Test
  void what_is_missing_or_of_another_kind() {
    refused(1, "rules: a list of rules is expected", "define: {}\n");
    refused(2, "each rule needs a name", "rules:\n  - when: 'true'\n");
    refused(2, "when: an expression is expected", "rules:\n  - name: mine\n");
    refused(
        4,
        "message: a single value is expected",
        "rules:\n  - name: mine\n    when: 'true'\n    message: [no]\n");
    refused(
        3,
        "final: true or false is expected",
        "rules:\n  - name: mine\n    final: perhaps\n    when: 'true'\n    message: \"''\"\n");
    refused(1, "define: names and expressions are expected", "define: 5\nrules: []\n");
  }

  @Test
  void a_definition_that_cannot_be_evaluated() {
    refused(2, "cannot be evaluated", "define:\n  mine: input.nowhere.at_all\nrules: []\n");
  }

  @Test
  void data_that_no_rule_can_be_asked_with() {
    var data = banned("(");

    assertThatThrownBy(() -> Policies.load(data, null, Clock.systemUTC()))
        .isInstanceOf(UnusableRules.class)
        .hasMessageStartingWith("policies/authorization_grant.yaml:")
        .hasMessageContaining("no banned requester");
  }

  @Test
  void a_file_that_nothing_is_asked_of() throws IOException {
    for (var name :
        List.of(
            "authorisation_grant.yaml", "authorization_grant.yml", "authorization_grant..yaml")) {
      var file = Files.writeString(folder.resolve(name), "rules: []\n");

      assertThatThrownBy(() -> load(folder))
          .isInstanceOf(UnusableRules.class)
          .hasMessageStartingWith(file + ": nothing is asked of a file of this name");
      Files.delete(file);
    }
  }

  @Test
  void a_folder_that_is_not_there() {
    assertThatThrownBy(() -> load(folder.resolve("nowhere")))
        .isInstanceOf(UnusableRules.class)
        .hasMessageContaining("latchkey.policy.path", "nowhere");
  }

  @Test
  void other_files_in_the_folder_do_no_harm() throws Exception {
    Files.writeString(folder.resolve("README.md"), "read me");
    Files.writeString(folder.resolve(".hidden.yaml"), "no rules at all");

    assertThat(load(folder)).isNotNull();
  }

  private void refused(int line, String reason, String yaml) {
    var file = folder.resolve(FILE);
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var refusal = catchThrowableOfType(UnusableRules.class, () -> load(folder));

    assertThat(refusal)
        .hasMessageStartingWith(file + ":" + line + ":")
        .hasMessageContaining(reason);
  }

  private static Policies load(Path folder) throws UnusableRules {
    return Policies.load(Map.of("server_name", "example.com"), folder, Clock.systemUTC());
  }

  private static Map<String, Object> banned(String regex) {
    return Map.of("requester", Map.of("banned_user_agents", Map.of("regexes", List.of(regex))));
  }
}
