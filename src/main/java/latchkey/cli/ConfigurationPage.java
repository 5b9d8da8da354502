package latchkey.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import latchkey.base.config.Heard;
import latchkey.base.config.Kind;

/// `docs/admin/configuration.md`. The frame beside this class orders the keys and says what each is
/// for: a heading names a section, `@key purpose` below it a key, and `@. purpose` the section
/// itself. Everything else that is said of a key comes from the code that reads it.
final class ConfigurationPage {
  private static final Pattern HEADING = Pattern.compile("#+ `(.+)`");
  private static final Pattern ENTRY = Pattern.compile("@(\\S+) (.+)");
  private static final String NO_EFFECT = "*No effect yet.*";
  private static final String TABLE = "| Key | Value | Default | What for |\n|---|---|---|---|\n";

  private final Map<String, List<Heard>> said;
  private final TreeSet<String> unused;
  private final StringBuilder page = new StringBuilder();
  private String section = "";
  private boolean isInTable;

  private ConfigurationPage(Collection<Heard> said) {
    this.said =
        said.stream()
            .collect(Collectors.groupingBy(Heard::path, LinkedHashMap::new, Collectors.toList()));
    this.unused = new TreeSet<>();
    this.said.forEach(
        (path, all) -> {
          if (all.stream().anyMatch(ConfigurationPage::isWorthAnEntry)) {
            unused.add(path);
          }
        });
  }

  /// @throws IllegalStateException if there are keys without a purpose, or the other way round
  static String text() {
    var page = new ConfigurationPage(Settings.everythingSaid(_ -> {}));
    frame().lines().forEach(page::add);
    if (!page.unused.isEmpty()) {
      throw new IllegalStateException("nobody says what these are for: " + page.unused);
    }
    return page.page.toString();
  }

  private static String frame() {
    try (var frame =
        Objects.requireNonNull(ConfigurationPage.class.getResourceAsStream("configuration.md"))) {
      return new String(frame.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// That it is a mapping can be seen from what is in it.
  private static boolean isWorthAnEntry(Heard what) {
    return switch (what) {
      case Heard.Touched _, Heard.Mapping _, Heard.Mappings _ -> false;
      case Heard _ -> true;
    };
  }

  private void add(String line) {
    var heading = HEADING.matcher(line);
    var entry = ENTRY.matcher(line);
    if (heading.matches()) {
      section = heading.group(1);
    }
    if (!entry.matches()) {
      isInTable = false;
      page.append(line).append('\n');
    } else if (entry.group(1).equals(".")) {
      page.append(words(section, entry.group(2))).append('\n');
    } else {
      page.append(isInTable ? "" : tableHead()).append(row(entry.group(1), entry.group(2)));
      isInTable = true;
    }
  }

  private String tableHead() {
    boolean afterWords = page.length() > 1 && page.charAt(page.length() - 2) != '\n';
    return (afterWords ? "\n" : "") + TABLE;
  }

  private String row(String key, String purpose) {
    var path = section.isEmpty() ? key : section + "." + key;
    var all = said.getOrDefault(path, List.of());
    var cells =
        List.of("`" + key + "`", values(all), defaults(all), words(path, purpose)).stream()
            .map(cell -> cell.replace("|", "\\|"))
            .toList();
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private String words(String path, String purpose) {
    var all = said.get(path);
    if (all == null) {
      throw new IllegalStateException("nobody reads " + path);
    }
    unused.remove(path);
    var words = new StringBuilder(purpose);
    all.stream()
        .map(ConfigurationPage::rule)
        .filter(sentence -> !sentence.isEmpty())
        .distinct()
        .forEach(sentence -> words.append(' ').append(sentence));
    boolean isRefused = all.stream().anyMatch(ConfigurationPage::isNotYet);
    all.stream()
        .map(ConfigurationPage::remark)
        .filter(remark -> !remark.isEmpty() && !(isRefused && remark.equals(NO_EFFECT)))
        .distinct()
        .forEach(remark -> words.append(' ').append(remark));
    return words.toString();
  }

  private static boolean isNotYet(Heard what) {
    return what instanceof Heard.Rule(_, _, var notYet) && notYet;
  }

  /// What a fault says, as a sentence of its own. That a file has to be there is said once, above.
  private static String rule(Heard what) {
    var words =
        switch (what) {
          case Heard.Rule(_, var fault, var notYet)
              when !notYet && !fault.equals(Heard.FILE_EXPECTED) ->
              fault.replaceFirst("^is missing", "is required");
          case Heard.Texts(_, var must, _) -> must;
          case Heard _ -> "";
        };
    if (words.isEmpty()) {
      return "";
    }
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static String remark(Heard what) {
    return switch (what) {
      case Heard.Rule(_, var sentence, var notYet) when notYet ->
          "*Refused for now:* " + sentence + ".";
      case Heard.Advice(_, var sentence) -> "*Warned of otherwise:* " + sentence + ".";
      case Heard.Deprecated(_, var instead) -> "*Deprecated:* " + instead + ".";
      case Heard.LaterValues(_, var values) when !values.isEmpty() ->
          "*No effect yet:* `" + String.join("`, `", values) + "`.";
      case Heard.LaterValues _ -> NO_EFFECT;
      case Heard.Value value when value.later() -> NO_EFFECT;
      case Heard.Values values when values.later() -> NO_EFFECT;
      case Heard.Mappings mappings when mappings.later() -> NO_EFFECT;
      case Heard.Tree tree when tree.later() -> NO_EFFECT;
      case Heard.Texts texts when texts.later() -> NO_EFFECT;
      case Heard _ -> "";
    };
  }

  private static String values(List<Heard> all) {
    return all.stream()
        .map(ConfigurationPage::value)
        .filter(value -> !value.isEmpty())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String value(Heard what) {
    return switch (what) {
      case Heard.Value(_, var kind, _, _, _) -> name(kind);
      case Heard.Values(_, var kind, _) -> "list, each " + name(kind);
      case Heard.Mapping _, Heard.Tree _ -> "keys and values";
      case Heard.Mappings _ -> "list";
      case Heard.Texts _ -> "texts by name";
      case Heard _ -> "";
    };
  }

  /// Where only some values fit, these as one writes them.
  private static String name(Kind<?> kind) {
    var values = kind.examples().stream().map(String::valueOf).toList();
    return kind.name().equals(String.join(", ", values))
        ? "`" + String.join("`, `", values) + "`"
        : kind.name();
  }

  private static String defaults(List<Heard> all) {
    return all.stream()
        .map(ConfigurationPage::standard)
        .filter(words -> !words.isEmpty())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String standard(Heard what) {
    return switch (what) {
      case Heard.Otherwise(_, var words) -> words;
      case Heard.Value(_, _, _, var required, _) when required -> "**required**";
      case Heard.Value(_, _, var otherwise, _, _) when otherwise == null -> "";
      case Heard.Value(_, _, Enum<?> constant, _, _) -> "`" + Kind.spelt(constant) + "`";
      case Heard.Value(_, _, Collection<?> none, _, _) when none.isEmpty() -> "";
      case Heard.Value(_, _, Object plain, _, _) -> "`" + plain + "`";
      case Heard _ -> "";
    };
  }
}
