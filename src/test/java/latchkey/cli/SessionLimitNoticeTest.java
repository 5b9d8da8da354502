package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionLimitNoticeTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void a_limit_that_nobody_counts_for_yet_is_named() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("limit.yaml"), "policy: {data: {session_limit: {soft_limit: 5}}}\n");
    var err = new StringWriter();

    Latchkey.commandLine(Map.of())
        .setErr(new PrintWriter(err, true))
        .execute("config", "check", "-c", file.toString());

    assertThat(err.toString()).contains("policy.data.session_limit");
  }
}
