package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each rule of `configuration.md` 3 to 20, broken.
class BrokenRulesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  static List<BrokenRule> rules() {
    return BrokenRule.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_that_is_broken_is_told_with_line_and_key_path(BrokenRule rule) throws IOException {
    var file =
        Files.writeString(folder.resolve("config.yaml"), SmallConfiguration.with(rule.yaml()));

    var report = Settings.read(Configuration.load(List.of(file), Map.of()), false);

    assertThat(report.errors()).hasSameSizeAs(rule.faults());
    for (var expected : rule.faults()) {
      assertThat(report.errors())
          .anySatisfy(
              fault -> {
                assertThat(fault.toString())
                    .startsWith(file + ":" + expected.line() + ": " + expected.path() + ": ");
                assertThat(fault.problem()).contains(expected.word());
              });
    }
    assertThatThrownBy(report::orThrow).isInstanceOf(BadConfiguration.class);
  }
}
