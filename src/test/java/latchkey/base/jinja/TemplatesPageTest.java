package latchkey.base.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/organisations/templates.md` against the language.
class TemplatesPageTest {
  private static final Path PAGE = Path.of("docs/organisations/templates.md");

  private static final Map<String, Object> PERSON =
      Map.of(
          "user",
          Map.of(
              "email",
              "alice@example.com",
              "email_verified",
              true,
              "preferred_username",
              "Alice Smith",
              "given_name",
              "Alice",
              "groups",
              List.of("staff", "matrix-admins"),
              "address",
              Map.of("country", "FR"),
              "https://example.com/uid",
              17),
          "extra_callback_parameters",
          Map.of("user", "{\"name\": {\"firstName\": \"Alice\", \"lastName\": \"Smith\"}}"),
          "params",
          Map.of("login_hint", "alice"));

  @Test
  void each_recipe_gives_what_it_says() throws IOException {
    var results = new ArrayList<String>();
    for (var template : recipes()) {
      var rendered = Template.compile(template).render(Variables.of(PERSON));
      results.add(rendered instanceof Rendered.Text(var text, _) ? text : rendered.toString());
    }

    assertThat(results)
        .containsExactly(
            "alice",
            "alice_smith",
            "Alice",
            "alice@example.com",
            "Alice",
            "alice@example.com",
            "alice@example.com",
            "FR",
            "17",
            "Alice Smith",
            "matrix-admins",
            "alice");
  }

  private static List<String> recipes() throws IOException {
    var templates = new ArrayList<String>();
    boolean inRecipes = false;
    for (var line : Files.readAllLines(PAGE)) {
      inRecipes = line.startsWith("## ") ? line.equals("## Recipes") : inRecipes;
      int start = line.indexOf("{");
      if (inRecipes && line.startsWith("|") && start >= 0) {
        templates.add(line.substring(start, line.lastIndexOf('}') + 1).replace("\\|", "|"));
      }
    }
    return templates;
  }

  @Test
  void each_name_of_the_language_is_on_the_page() throws IOException {
    var page = Files.readString(PAGE);
    var library = Library.WHOLE;
    var names = new ArrayList<>(library.filterNames());
    names.addAll(library.testNames());
    names.addAll(library.functionNames());
    for (var kind : Value.Kind.values()) {
      names.addAll(library.methodNames(kind));
    }

    assertThat(names)
        .hasSizeGreaterThan(120)
        .allSatisfy(
            name -> assertThat(page).containsPattern("[` \n]" + Pattern.quote(name) + "[`( ]"));
  }
}
