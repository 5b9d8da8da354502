package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import latchkey.world.RecipesHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of `docs/organisations` as an admin uses them: what is shown is put into a file.
class RecipePagesTest {
  private static final Path PAGES = Path.of("docs/organisations");
  private static final Path FILES = Path.of("deploy/recipes");
  private static final Pattern ID = Pattern.compile("(?m)^ +- id: (\\w{26})$");
  private static final Pattern CALLBACK = Pattern.compile("/upstream/[a-z-]+/(\\w{26})\\b");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  static Set<String> pages() {
    return RecipesHouse.pages().keySet();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void what_a_page_shows_passes_the_check_without_a_word(String page) throws IOException {
    var base = folder.resolve("generated.yaml");
    assertThat(CommandLineRun.of("config", "generate", "-o", base.toString()).exit()).isZero();
    var recipe = folder.resolve("recipe.yaml");
    Files.writeString(recipe, RecipesHouse.pages().get(page));
    var alone = CommandLineRun.of("config", "check", "-c", base.toString());

    var run = CommandLineRun.of("config", "check", "-c", base.toString(), "-c", recipe.toString());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.err()).isEqualTo(alone.err());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void the_addresses_on_a_page_are_those_of_its_provider(String page) throws IOException {
    var text = Files.readString(PAGES.resolve(page + ".md"));
    var id = ID.matcher(text);
    assertThat(id.find()).isTrue();
    var named = new HashSet<String>();
    var callbacks = CALLBACK.matcher(text);
    while (callbacks.find()) {
      named.add(callbacks.group(1));
    }

    assertThat(named).containsExactly(id.group(1));
  }

  @Test
  void every_id_is_used_by_one_page() {
    assertThat(pages().stream().map(page -> RecipesHouse.recipe(page).get("id")))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void files_of_a_recipe_are_shown_as_they_are(String page) throws IOException {
    var text = Files.readString(PAGES.resolve(page + ".md"));
    for (var file : files(page)) {
      assertThat(text).as(file.toString()).contains("\n" + Files.readString(file) + "```");
    }
  }

  private static List<Path> files(String page) throws IOException {
    if (!Files.isDirectory(FILES.resolve(page))) {
      return List.of();
    }
    try (var files = Files.list(FILES.resolve(page))) {
      return files.toList();
    }
  }
}
