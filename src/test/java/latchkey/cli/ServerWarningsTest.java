package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server says before it starts. A fault in each configuration keeps it from starting.
class ServerWarningsTest {
  private static final String FAULT = "\nemail: {from: me}\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void what_has_no_effect_is_named_in_one_line_with_its_places() throws IOException {
    var file =
        file(
            """
            rate_limiting:
              registration: {burst: 3, per_second: 0.5}
            account: {password_change_allowed: false}
            """);

    assertThat(said(file, Map.of(), "server"))
        .contains(
            "warning: set, but without effect in this release: rate_limiting.registration (%1$s:2), account.password_change_allowed (%1$s:3)"
                .formatted(file));
  }

  @Test
  void variables_without_effect_are_named_and_their_values_are_not_told() throws IOException {
    var variables =
        Map.of(
            "HTTPS_PROXY", "http://u:geheim@proxy/",
            "no_proxy", "geheim",
            "ALL_PROXY", "",
            "OTEL_SERVICE_NAME", "geheim",
            "SENTRY_DSN", "geheim",
            "NOTIFY_SOCKET", "/geheim",
            "WATCHDOG_USEC", "1",
            "RUST_LOG", "info,hyper=geheim",
            "PATH", "/bin");

    var said = said(file(""), variables, "server");

    assertThat(said)
        .contains(
            "warning: variables that are set, but without effect in this release: HTTPS_PROXY,"
                + " NOTIFY_SOCKET, OTEL_SERVICE_NAME, SENTRY_DSN, WATCHDOG_USEC, no_proxy");
    assertThat(said.stream().filter(line -> !line.contains("RUST_LOG")))
        .noneMatch(line -> line.contains("geheim"));
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), SmallConfiguration.with(yaml + FAULT));
  }

  private static List<String> said(Path file, Map<String, String> variables, String verb) {
    var err = new StringWriter();
    int exit =
        Latchkey.commandLine(variables)
            .setErr(new PrintWriter(err, true))
            .execute(verb, "-c", file.toString());
    assertThat(exit).isEqualTo(1);
    return err.toString().lines().toList();
  }
}
