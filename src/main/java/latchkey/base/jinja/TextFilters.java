package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/// Filters that take a text and give one.
final class TextFilters {
  private static final int TRUNCATED_TO = 255;
  private static final int LEEWAY = 5;

  private TextFilters() {}

  static void addTo(Library library) {
    library.filter("upper", 1, 1, (in, run) -> Value.of(upper(in.text(0, run))));
    library.filter("lower", 1, 1, (in, run) -> Value.of(lower(in.text(0, run))));
    library.filter("title", 1, 1, (in, run) -> Value.of(title(in.text(0, run))));
    library.filter("capitalize", 1, 1, (in, run) -> Value.of(capitalize(in.text(0, run))));
    library.filter(
        "trim", 1, 2, (in, run) -> Value.of(strip(in.text(0, run), in, 1, run, true, true)));
    library.filter(
        "replace",
        3,
        3,
        (in, run) -> replace(in.text(0, run), in.text(1, run), in.text(2, run), -1, run));
    library.filter("split", 1, 3, (in, run) -> Seq.unsized(split(in, run).items()));
    library.filter("lines", 1, 1, (in, _) -> strings(Texts.lines(in.string(0))));
    library.filter("indent", 1, 4, Set.of("width", "first", "blank"), TextFilters::indent);
    library.filter(
        "truncate", 1, 1, Set.of("length", "killwords", "end", "leeway"), TextFilters::truncate);
    library.filter("striptags", 1, 1, (in, run) -> Value.of(Markup.stripTags(in.text(0, run))));
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// Letters after white space and ASCII punctuation.
  static String title(String text) {
    var out = new StringBuilder();
    boolean begins = true;
    for (int c : text.codePoints().toArray()) {
      boolean isBreak = Texts.isSpace(c) || isPunctuation(c);
      var letter = Character.toString(c);
      out.append(isBreak ? letter : begins ? upper(letter) : lower(letter));
      begins = isBreak;
    }
    return out.toString();
  }

  private static boolean isPunctuation(int c) {
    return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return "";
    }
    int end = Character.charCount(text.codePointAt(0));
    return upper(text.substring(0, end)) + lower(text.substring(end));
  }

  /// @param index of the argument with the characters to take away; white space without it
  static String strip(
      String text, Arguments in, int index, Run run, boolean atStart, boolean atEnd) {
    var chars = in.has(index) ? in.text(index, run) : null;
    if (chars != null) {
      run.budget().chargeSearch(text.length(), chars.length() * 4);
    }
    IntPredicate unwanted = chars == null ? Texts::isSpace : c -> chars.indexOf(c) >= 0;
    var stripped = atStart ? Texts.trimStart(text, unwanted) : text;
    return atEnd ? Texts.trimEnd(stripped, unwanted) : stripped;
  }

  /// @param most how often; negative for always
  static Value replace(String text, String from, String to, long most, Run run) {
    run.budget().chargeSearch(text.length(), from.length());
    var out = new Text(run.budget());
    int at = 0;
    int count = 0;
    while (most < 0 || count < most) {
      int found = from.isEmpty() ? nextGap(text, at, count) : text.indexOf(from, at);
      if (found < 0) {
        break;
      }
      out.add(text.substring(at, found)).add(to);
      at = found + from.length();
      count++;
    }
    return out.add(text.substring(at)).value();
  }

  /// Where nothing is between two characters: before the first, after each.
  private static int nextGap(String text, int at, int count) {
    if (count == 0) {
      return 0;
    }
    return at < text.length() ? at + Character.charCount(text.codePointAt(at)) : -1;
  }

  /// Its text, what parts it, and how often at most.
  static Seq split(Arguments in, Run run) {
    var text = in.string(0);
    long splits = in.has(2) ? Convert.requireLong(in.at(2)) : -1;
    int most = splits < 0 ? -1 : (int) Math.min(splits + 1, Integer.MAX_VALUE);
    if (!in.has(1)) {
      return strings(Texts.words(text, most));
    }
    var separator = in.string(1);
    run.budget().chargeSearch(text.length(), separator.length());
    return strings(Texts.split(text, separator, most));
  }

  static Seq strings(Iterable<String> texts) {
    var values = new ArrayList<Value>();
    texts.forEach(text -> values.add(Value.of(text)));
    return Seq.list(values);
  }

  private static Value indent(Arguments in, Run run) {
    var width = in.at(1, "width");
    int spaces = width.isNothing() ? 4 : Convert.size(width);
    boolean first = flag(in.at(2, "first"));
    boolean blank = flag(in.at(3, "blank"));
    var lines = withoutLastNewline(in.text(0, run)).split("\n", -1);
    var out = new Text(run.budget());
    for (int i = 0; i < lines.length; i++) {
      boolean indents = i == 0 ? first : true;
      boolean shown = !lines[i].isEmpty() || blank;
      out.add(i == 0 ? "" : "\n").add(" ", indents && shown ? spaces : 0).add(lines[i]);
    }
    return Value.of(withoutLastNewline(out.toString()));
  }

  private static boolean flag(Value value) {
    return !value.isNothing() && Convert.flag(value);
  }

  private static String withoutLastNewline(String text) {
    var rest = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return rest.endsWith("\r") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private static Value truncate(Arguments in, Run run) {
    if (!in.has(0)) {
      return Value.of("");
    }
    var text = in.string(0);
    int length = in.has("length") ? Convert.size(in.named("length")) : TRUNCATED_TO;
    int leeway = in.has("leeway") ? Convert.size(in.named("leeway")) : LEEWAY;
    var end = in.has("end") ? Convert.string(in.named("end")) : "...";
    int room = length - end.codePointCount(0, end.length());
    if (room < 0) {
      throw new Failure("the length is shorter than the end");
    }
    if (text.codePointCount(0, text.length()) <= (long) length + leeway) {
      return Value.of(text);
    }
    var kept = text.substring(0, text.offsetByCodePoints(0, room));
    int space = kept.lastIndexOf(' ');
    boolean cutsWords = in.flag("killwords") || space < 0;
    return new Text(run.budget()).add(cutsWords ? kept : kept.substring(0, space)).add(end).value();
  }
}
