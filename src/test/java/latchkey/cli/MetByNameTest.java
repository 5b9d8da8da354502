package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An admin who lets people into accounts by their name at a provider is told what that means.
class MetByNameTest {
  private static final String PROVIDERS =
      """
      upstream_oauth2:
        providers:
          - id: 01KB0000000000000000000001
            issuer: https://a.example
            client_id: us
            token_endpoint_auth_method: none
            claims_imports:
              localpart:
                action: require
                on_conflict: %s
          - id: 01KB0000000000000000000002
            issuer: https://b.example
            client_id: us
            token_endpoint_auth_method: none
            claims_imports: {localpart: {action: require}}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"add", "replace", "set"})
  void each_provider_that_people_are_met_by_name_through_is_warned_of_once(String rule)
      throws IOException {
    var file = folder.resolve("config.yaml");

    var run = check(rule);

    assertThat(run.exit()).isZero();
    assertThat(run.err().lines())
        .filteredOn(line -> line.contains("on_conflict"))
        .singleElement()
        .asString()
        .startsWith(
            "warning: "
                + file
                + ":10: upstream_oauth2.providers[0].claims_imports.localpart.on_conflict: ")
        .contains("whoever takes somebody's name there gets into that person's account here");
  }

  @Test
  void nobody_is_warned_of_a_conflict_that_fails() throws IOException {
    assertThat(check("fail").err()).doesNotContain("on_conflict");
  }

  private CommandLineRun check(String rule) throws IOException {
    var file = folder.resolve("config.yaml");
    Files.writeString(file, SmallConfiguration.with(PROVIDERS.formatted(rule)));
    return CommandLineRun.of("config", "check", "-c", file.toString());
  }
}
