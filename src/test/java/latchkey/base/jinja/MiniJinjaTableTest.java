package latchkey.base.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The language against what MiniJinja itself answered, name by name of `configuration.md` 13.
class MiniJinjaTableTest {
  private static final Path FOLDER = Path.of("src/test/resources/claims");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILTERS =
      """
      b64decode b64encode tlvdecode string from_json abs attr batch bool capitalize chain count d
      default dictsort e escape first float format groupby indent int items join last length lines
      list lower map max min pprint reject rejectattr replace reverse round safe select selectattr
      slice sort split string sum title tojson trim unique upper urlencode zip pluralize
      filesizeformat truncate striptags""";
  private static final String TESTS =
      """
      != < <= == > >= boolean defined divisibleby endingwith eq equalto escaped even false filter
      float ge greaterthan gt in int integer iterable le lessthan lower lt mapping ne none number
      odd safe sameas sequence startingwith string test true undefined upper""";
  private static final String FUNCTIONS = "range dict debug namespace cycler joiner";
  private static final String STRING_METHODS =
      """
      upper lower islower isupper isspace isdigit isnumeric isalnum isalpha isascii strip lstrip
      rstrip replace title split splitlines capitalize count find format rfind startswith endswith
      join""";
  private static final String MAP_METHODS = "keys values items get";
  private static final String LIST_METHODS = "count";

  private static final Variables VARIABLES = Variables.of(Map.of("user", user()));

  /// The person of all rows.
  @SuppressWarnings("unchecked")
  static Map<String, Object> user() {
    try {
      var variables =
          JSON.readValue(
              FOLDER.resolve("user.json").toFile(), new TypeReference<Map<String, Object>>() {});
      return (Map<String, Object>) Objects.requireNonNull(variables.get("user"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param expected null where it fails
  record Row(String template, String expected) {
    @Override
    public String toString() {
      return template;
    }
  }

  static List<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    var template = "";
    for (var line : Files.readAllLines(FOLDER.resolve("minijinja.txt"))) {
      if (line.startsWith("  = ")) {
        rows.add(new Row(template, JSON.readValue(line.substring(4), String.class)));
      } else if (line.equals("  !")) {
        rows.add(new Row(template, null));
      } else {
        template = line;
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void renders_what_minijinja_renders(Row row) {
    assertThat(render(row.template())).isEqualTo(row.expected());
  }

  /// Null where it fails.
  private static String render(String template) {
    try {
      return Template.compile(template).render(VARIABLES) instanceof Rendered.Text(var text, _)
          ? text
          : null;
    } catch (MalformedTemplate e) {
      return null;
    }
  }

  @Test
  void the_language_has_the_names_of_the_reference_and_no_others() {
    var library = Library.WHOLE;

    assertThat(library.filterNames()).isEqualTo(names(FILTERS));
    assertThat(library.testNames()).isEqualTo(names(TESTS));
    assertThat(library.functionNames()).isEqualTo(names(FUNCTIONS));
    assertThat(library.methodNames(Value.Kind.STRING)).isEqualTo(names(STRING_METHODS));
    assertThat(library.methodNames(Value.Kind.MAP)).isEqualTo(names(MAP_METHODS));
    assertThat(library.methodNames(Value.Kind.SEQUENCE)).isEqualTo(names(LIST_METHODS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\| ?%s\\b;" + FILTERS,
        "(?:is |is not |select\\(\")%s(?!\\w);" + TESTS,
        "\\b%s\\(;" + FUNCTIONS,
        "\\.%s\\(;" + STRING_METHODS,
        "\\.%s\\(;" + MAP_METHODS,
        "\\]\\.%s\\(;" + LIST_METHODS
      })
  void each_name_stands_in_a_row_that_renders(String how) throws IOException {
    var use = how.substring(0, how.indexOf(';'));
    var templates =
        rows().stream().filter(row -> row.expected() != null).map(Row::template).toList();

    assertThat(names(how.substring(how.indexOf(';') + 1)))
        .allSatisfy(
            name ->
                assertThat(templates)
                    .anyMatch(Pattern.compile(use.formatted(Pattern.quote(name))).asPredicate()));
  }

  private static Set<String> names(String words) {
    return new TreeSet<>(List.of(words.strip().split("\\s+")));
  }
}
