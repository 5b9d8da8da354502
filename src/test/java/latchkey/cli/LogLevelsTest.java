package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a filter comes to; that it is obeyed shows `RunningServerTest`.
class LogLevelsTest {
  private static final String CONSOLE = "quarkus.log.console.level";
  private static final String EVERYTHING = "quarkus.log.level";
  private static final String OURS = "quarkus.log.category.\"latchkey\".level";
  private static final String REQUESTS = "quarkus.log.category.\"http.server.response\".level";

  @ParameterizedTest
  @ValueSource(strings = {"debug", "trace", " DEBUG ", "info,debug"})
  void debug_is_of_our_own_lines_only(String filter) {
    assertThat(LogLevels.of(filter).properties())
        .isEqualTo(Map.of(OURS, "DEBUG", REQUESTS, "DEBUG", CONSOLE, "DEBUG"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"warn", "error", "off"})
  void less_is_less_of_everything(String filter) {
    var level = filter.toUpperCase(java.util.Locale.ROOT);

    assertThat(LogLevels.of(filter).properties())
        .isEqualTo(Map.of(EVERYTHING, level, CONSOLE, level));
  }

  @Test
  void a_target_has_its_own_level() {
    assertThat(LogLevels.of("error, latchkey::domain=warn").properties())
        .isEqualTo(
            Map.of(
                EVERYTHING,
                "ERROR",
                "quarkus.log.category.\"latchkey.domain\".level",
                "WARN",
                CONSOLE,
                "WARN"));
    assertThat(LogLevels.of("http.server.response=off").properties())
        .isEqualTo(Map.of(EVERYTHING, "INFO", REQUESTS, "OFF", CONSOLE, "INFO"));
  }

  @Test
  void what_means_nothing_here_is_named_and_changes_nothing() {
    var levels = LogLevels.of("mas_handlers=debug,loud,latchkeys=info,[span]=debug,");

    assertThat(levels.properties()).isEmpty();
    assertThat(levels.ignored())
        .containsExactly("mas_handlers=debug", "loud", "latchkeys=info", "[span]=debug");
    assertThat(LogLevels.of("").properties()).isEmpty();
  }
}
