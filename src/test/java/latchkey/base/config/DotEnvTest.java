package latchkey.base.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotEnvTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void variables_that_are_there_win_over_the_file() throws IOException {
    var file =
        Files.writeString(
            folder.resolve(".env"),
            """
            # a comment
            MAS_MATRIX_SECRET=from the file
            export MAS_MATRIX_HOMESERVER = "example.com" # the name
            SINGLE='a # b'
            DOUBLE="x\\ny \\"z\\""
            PLAIN=a b # c
            EMPTY=
            this is no assignment
            """);

    var environment = DotEnv.over(Map.of("MAS_MATRIX_SECRET", "from outside"), file);

    assertThat(environment)
        .containsOnly(
            Map.entry("MAS_MATRIX_SECRET", "from outside"),
            Map.entry("MAS_MATRIX_HOMESERVER", "example.com"),
            Map.entry("SINGLE", "a # b"),
            Map.entry("DOUBLE", "x\ny \"z\""),
            Map.entry("PLAIN", "a b"),
            Map.entry("EMPTY", ""));
  }

  @Test
  void without_the_file_there_is_nothing_to_add() {
    assertThat(DotEnv.over(Map.of("A", "b"), folder.resolve(".env")))
        .containsExactly(Map.entry("A", "b"));
  }
}
