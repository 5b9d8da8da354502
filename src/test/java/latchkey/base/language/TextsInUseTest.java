package latchkey.base.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What templates and Java say, and what the translations have, is the same.
class TextsInUseTest {
  private static final Pattern IN_TEMPLATES = Pattern.compile("\\{#say ([a-z0-9_.]+)[ }]");
  private static final Pattern IN_JAVA =
      Pattern.compile("(?:Message\\.of|[.]say|again|wayOut)\\(\\s*\"([a-z0-9_.]+)\"");
  private static final Pattern LITERAL = Pattern.compile("\"([a-z0-9_]+(?:\\.[a-z0-9_]+)+)\"");

  private final Translation english = Catalogue.builtIn().in("en");

  @Test
  void every_text_that_is_said_is_there() throws IOException {
    var said = found(Path.of("templates"), IN_TEMPLATES);
    said.addAll(found(Path.of("src/main/java"), IN_JAVA));

    assertThat(said).hasSizeGreaterThan(40);
    assertThat(english.texts().keySet()).containsAll(said);
  }

  @Test
  void no_text_is_there_that_is_never_said() throws IOException {
    var said = found(Path.of("templates"), IN_TEMPLATES);
    said.addAll(found(Path.of("src/main/java"), LITERAL));
    var unused = new TreeSet<>(english.texts().keySet());

    unused.removeAll(said);

    assertThat(unused).isEmpty();
  }

  private static Set<String> found(Path folder, Pattern pattern) throws IOException {
    var keys = new TreeSet<String>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var matches = pattern.matcher(Files.readString(file));
        while (matches.find()) {
          keys.add(matches.group(1));
        }
      }
    }
    return keys;
  }
}
