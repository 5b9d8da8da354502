package latchkey.base.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/// Methods of strings, called as in Python (`configuration.md` 13.4).
final class TextMethods {
  private static final int LATEST_ASCII = 0x7f;

  private TextMethods() {}

  static void addTo(Library library) {
    plain(library, "upper", TextFilters::upper);
    plain(library, "lower", TextFilters::lower);
    plain(library, "title", TextFilters::title);
    plain(library, "capitalize", TextFilters::capitalize);
    all(library, "islower", Character::isLowerCase);
    all(library, "isupper", Character::isUpperCase);
    all(library, "isspace", Texts::isSpace);
    all(library, "isdigit", TextMethods::isNumeric);
    all(library, "isnumeric", TextMethods::isNumeric);
    all(library, "isalpha", Character::isAlphabetic);
    all(library, "isalnum", c -> Character.isAlphabetic(c) || isNumeric(c));
    all(library, "isascii", c -> c <= LATEST_ASCII);
    strip(library, "strip", true, true);
    strip(library, "lstrip", true, false);
    strip(library, "rstrip", false, true);
    add(library, "replace", 3, 4, (in, run) -> replace(in, run));
    add(library, "split", 1, 3, TextFilters::split);
    add(library, "splitlines", 1, 2, (in, _) -> TextFilters.strings(lines(in)));
    add(library, "join", 2, 2, (in, run) -> join(in, run));
    add(library, "count", 2, 2, (in, run) -> count(in, run));
    add(library, "find", 2, 2, (in, run) -> find(in, run, false));
    add(library, "rfind", 2, 2, (in, run) -> find(in, run, true));
    add(library, "startswith", 2, 2, (in, _) -> any(in, String::startsWith));
    add(library, "endswith", 2, 2, (in, _) -> any(in, String::endsWith));
    library.method(
        Value.Kind.STRING,
        new Builtin(
            "format",
            1,
            -1,
            Builtin.ANY_NAMES,
            (in, run) -> Value.of(Formats.braces(in.string(0), in.from(1), run))));
  }

  private static void add(Library library, String name, int least, int most, Builtin.Body body) {
    library.method(Value.Kind.STRING, name, least, most, body);
  }

  private static void plain(Library library, String name, UnaryOperator<String> change) {
    add(library, name, 1, 1, (in, _) -> Value.of(change.apply(in.string(0))));
  }

  private static void all(Library library, String name, IntPredicate holds) {
    add(library, name, 1, 1, (in, _) -> Value.of(in.string(0).codePoints().allMatch(holds)));
  }

  private static void strip(Library library, String name, boolean atStart, boolean atEnd) {
    add(
        library,
        name,
        1,
        2,
        (in, run) -> {
          if (in.has(1)) {
            in.string(1);
          }
          return Value.of(TextFilters.strip(in.string(0), in, 1, run, atStart, atEnd));
        });
  }

  private static boolean isNumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static Value replace(Arguments in, Run run) {
    long most = in.has(3) ? Convert.requireLong(in.at(3)) : -1;
    return TextFilters.replace(in.string(0), in.string(1), in.string(2), most, run);
  }

  private static List<String> lines(Arguments in) {
    boolean keepEnds = in.has(1) && Convert.flag(in.at(1));
    if (!keepEnds) {
      return Texts.lines(in.string(0));
    }
    var lines = new ArrayList<>(Texts.split(in.string(0), "\n", -1));
    lines.replaceAll(line -> line + "\n");
    var last = lines.removeLast();
    if (last.length() > 1) {
      lines.add(last.substring(0, last.length() - 1));
    }
    return lines;
  }

  private static Value join(Arguments in, Run run) {
    return ListFilters.join(Lookup.iterate(in.at(1), run.budget()), in.string(0), run);
  }

  private static Value count(Arguments in, Run run) {
    var what = in.string(1);
    if (what.isEmpty()) {
      throw new Failure("nothing cannot be counted");
    }
    run.budget().chargeSearch(in.string(0).length(), what.length());
    return Value.of(Texts.split(in.string(0), what, -1).size() - 1L);
  }

  /// In bytes of UTF-8 from the start.
  private static Value find(Arguments in, Run run, boolean last) {
    var text = in.string(0);
    var what = in.string(1);
    run.budget().chargeSearch(text.length(), what.length());
    int at = last ? text.lastIndexOf(what) : text.indexOf(what);
    return Value.of(at < 0 ? -1 : text.substring(0, at).getBytes(StandardCharsets.UTF_8).length);
  }

  private static Value any(Arguments in, BiPredicate<String, String> holds) {
    var text = in.string(0);
    var single = in.at(1).asText();
    if (single != null) {
      return Value.of(holds.test(text, single));
    }
    if (!(in.at(1) instanceof Seq several)) {
      throw new Failure("a string or a list of strings is expected, not " + in.at(1).kind());
    }
    for (var one : several.items()) {
      if (holds.test(text, Convert.string(one))) {
        return Value.of(true);
      }
    }
    return Value.of(false);
  }
}
