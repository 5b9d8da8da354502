package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.Heard.Refusal;
import org.junit.jupiter.api.Test;
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
    var file = folder.resolve("config.yaml");

    var report = read(rule, file);

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

  /// The other way round: what the readers say must hold is broken somewhere. Readers have no other
  /// way to tell a fault than those that are heard here.
  @Test
  void every_rule_there_is_is_broken_by_a_fixture() throws IOException {
    var rules = new LinkedHashSet<Refusal>();
    Settings.everythingSaid(_ -> {}).forEach(what -> rules.addAll(what.refusals()));
    var broken = new LinkedHashSet<Refusal>();
    var unheardOf = new ArrayList<Fault>();

    for (var rule : BrokenRule.all()) {
      for (var fault : read(rule, folder.resolve("config.yaml")).errors()) {
        var refusal = refusal(fault, rules);
        refusal.ifPresentOrElse(broken::add, () -> unheardOf.add(fault));
      }
    }

    assertThat(unheardOf).isEmpty();
    assertThat(rules).hasSizeGreaterThan(400);
    rules.removeAll(broken);
    assertThat(rules).isEmpty();
  }

  private static Settings.Report read(BrokenRule rule, Path file) throws IOException {
    Files.writeString(file, SmallConfiguration.with(rule.yaml()));
    return Settings.read(Configuration.load(List.of(file), rule.environment()), rule.opensFiles());
  }

  /// The rule a fault is about: the longest, for one may begin like another.
  private static Optional<Refusal> refusal(Fault fault, Set<Refusal> rules) {
    var path = fault.path().replaceAll("\\[\\d+]", "[]");
    return rules.stream()
        .filter(rule -> isAt(rule, path) && fault.problem().startsWith(rule.sentence()))
        .max(Comparator.comparing(rule -> rule.sentence().length()));
  }

  private static boolean isAt(Refusal rule, String path) {
    boolean isByName = rule.path().endsWith(".*");
    return isByName
        ? path.startsWith(rule.path().substring(0, rule.path().length() - 1))
        : path.equals(rule.path());
  }
}
