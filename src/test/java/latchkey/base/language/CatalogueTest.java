package latchkey.base.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import latchkey.base.language.Catalogue.UnusableTranslations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final List<String> BUILT_IN = List.of("en", "de");

  @TempDir private Path folder;

  @Test
  void english_and_german_are_complete_and_ask_for_the_same() {
    var english = Catalogue.builtIn().in("en");
    for (var language : BUILT_IN) {
      var translation = Catalogue.builtIn().in(language);

      assertThat(translation.texts().keySet()).isEqualTo(english.texts().keySet());
      for (var key : english.texts().keySet()) {
        assertThat(translation.texts().get(key).placeholders())
            .as(key)
            .containsExactlyInAnyOrderElementsOf(english.texts().get(key).placeholders());
        assertThat(translation.texts().get(key).isPlural())
            .as(key)
            .isEqualTo(english.texts().get(key).isPlural());
      }
    }
  }

  @Test
  void a_file_replaces_the_texts_it_has() throws Exception {
    write("de.json", "{\"action\": {\"sign_in\": \"Herein\"}}");

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.in("de").say("action.sign_in")).isEqualTo("Herein");
    assertThat(catalogue.in("de").say("common.password")).isEqualTo("Passwort");
    assertThat(catalogue.in("en").say("action.sign_in")).isEqualTo("Sign in");
    assertThat(catalogue.remarks()).isEmpty();
  }

  @Test
  void a_language_that_lacks_a_text_is_offered_but_not_complete() throws Exception {
    var json = new ObjectMapper();
    try (var german = Catalogue.class.getResourceAsStream("/translations/de.json")) {
      var tree = json.readTree(german);
      write("fr.json", tree.toString());
      ((ObjectNode) tree.path("common")).remove("password");
      write("nl.json", tree.toString());
    }

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.translations())
        .extracting(Translation::language)
        .containsExactly("en", "de", "fr", "nl");
    assertThat(catalogue.complete()).containsExactly("en", "de", "fr");
  }

  @Test
  void what_english_was_replaced_with_stands_in_for_other_languages_too() throws Exception {
    write("en.json", "{\"own\": {\"greeting\": \"Welcome to the club\"}}");

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.in("de").say("own.greeting")).isEqualTo("Welcome to the club");
    assertThat(catalogue.remarks()).singleElement().asString().contains("own.greeting");
  }

  @Test
  void a_file_brings_a_language() throws Exception {
    write("nl.json", "{" + most() + ", \"action.sign_in\": \"Inloggen\"}");

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.choose(LanguagePriorityList.ofHeader("nl-BE")).language()).isEqualTo("nl");
    assertThat(catalogue.in("nl").say("action.sign_in")).isEqualTo("Inloggen");
    assertThat(catalogue.remarks()).anyMatch(told -> told.contains("are shown in English"));
  }

  @Test
  void a_language_with_few_texts_is_not_offered() throws Exception {
    write("nl.json", "{\"action\": {\"sign_in\": \"Inloggen\"}}");

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.choose(LanguagePriorityList.ofHeader("nl")).language()).isEqualTo("en");
    assertThat(catalogue.remarks()).anyMatch(told -> told.contains("is not offered"));
  }

  @Test
  void a_text_that_asks_for_what_is_not_there_is_not_used() throws Exception {
    write("en.json", "{\"action\": {\"sign_in\": \"Sign in, %(nickname)s\"}}");

    var catalogue = Catalogue.load(folder);

    assertThat(catalogue.in("en").say("action.sign_in")).isEqualTo("Sign in");
    assertThat(catalogue.remarks()).singleElement().asString().contains("en.json", "[nickname]");
  }

  @Test
  void every_file_that_cannot_be_used_is_told_with_its_line() throws Exception {
    write("de.json", "{\n  \"action\": {\"sign_in\": \"Herein\",}\n}");
    write("nl.json", "[]");
    write("fr.json", "{\"a\": 3}");
    write("what is this.json", "{\"a\": \"b\"}");
    Files.write(folder.resolve("fi.json"), new byte[] {'"', (byte) 0xff, '"'});

    assertThatThrownBy(() -> Catalogue.load(folder))
        .isInstanceOfSatisfying(
            UnusableTranslations.class,
            e ->
                assertThat(e.problems())
                    .hasSize(5)
                    .anyMatch(told -> told.contains("de.json:2: "))
                    .anyMatch(told -> told.contains("nl.json:1: a JSON object is expected"))
                    .anyMatch(told -> told.contains("fr.json:1: a: "))
                    .anyMatch(told -> told.contains("fi.json: the file cannot be read"))
                    .anyMatch(told -> told.contains("what is this is no language tag")));
  }

  /// As many texts as it takes to count as a translation.
  private static String most() {
    var json = new StringBuilder();
    var keys = Catalogue.builtIn().in("en").texts().keySet().stream().sorted().toList();
    for (var key : keys.subList(0, keys.size() / 2 + 1)) {
      json.append(json.isEmpty() ? "" : ",").append('"').append(key).append("\": \"x\"");
    }
    return json.toString();
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json);
  }
}
