package latchkey.base.jinja;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/// Filters that write a value as a text for somebody.
final class WritingFilters {
  private static final String UNRESERVED = "/.-_";
  private static final HexFormat HEXADECIMAL = HexFormat.of().withUpperCase();

  private WritingFilters() {}

  static void addTo(Library library) {
    library.filter("string", 1, 1, (in, run) -> string(in.at(0), run));
    library.filter("safe", 1, 1, (in, run) -> new Value.Str(in.text(0, run), true));
    library.filter("escape", 1, 1, (in, run) -> escape(in.at(0), run));
    library.filter("e", 1, 1, (in, run) -> escape(in.at(0), run));
    library.filter("pprint", 1, 1, (in, run) -> pretty(in.at(0), run));
    library.filter("tojson", 1, 2, Set.of("indent"), WritingFilters::json);
    library.filter("urlencode", 1, 1, (in, run) -> urlEncode(in.at(0), run));
    library.filter(
        "format",
        1,
        -1,
        Builtin.ANY_NAMES,
        (in, run) -> Value.of(Formats.printf(in.string(0), in.from(1), run)));
    library.filter("pluralize", 1, 3, (in, _) -> pluralize(in));
    library.filter("filesizeformat", 1, 2, (in, _) -> Value.of(fileSize(in)));
  }

  private static Value string(Value value, Run run) {
    return value.kind() == Value.Kind.STRING ? value : Value.of(Display.of(value, run.budget()));
  }

  private static Value escape(Value value, Run run) {
    return value instanceof Value.Str(_, var safe) && safe
        ? value
        : new Value.Str(Markup.escape(Display.of(value, run.budget()), run.budget()), true);
  }

  static Value pretty(Value value, Run run) {
    var out = new Text(run.budget());
    Display.pretty(value, 0, out);
    return out.value();
  }

  private static Value json(Arguments in, Run run) {
    var indent = in.at(1, "indent");
    int spaces =
        switch (indent) {
          case Nothing _ -> -1;
          case Value.Bool flag -> flag.isTrue() ? 2 : -1;
          case Value size -> Convert.size(size);
        };
    return new Value.Str(JsonText.write(in.at(0), spaces, run.budget()), true);
  }

  private static Value urlEncode(Value value, Run run) {
    var out = new Text(run.budget());
    switch (value) {
      case Nothing _ -> {}
      case Bytes bytes -> percentEncode(bytes.content(), out);
      case Value map when map.kind() == Value.Kind.MAP ->
          Lookup.entries(map)
              .forEach(
                  (key, entry) -> {
                    if (!entry.isNothing()) {
                      out.add(out.isEmpty() ? "" : "&");
                      percentEncode(key, out, run);
                      out.add("=");
                      percentEncode(entry, out, run);
                    }
                  });
      case Value _ -> percentEncode(value, out, run);
    }
    return out.value();
  }

  private static void percentEncode(Value value, Text out, Run run) {
    percentEncode(Display.of(value, run.budget()).getBytes(StandardCharsets.UTF_8), out);
  }

  private static void percentEncode(byte[] bytes, Text out) {
    for (byte b : bytes) {
      boolean plain = b > 0 && (Character.isLetterOrDigit(b) || UNRESERVED.indexOf(b) >= 0);
      out.add(plain ? Character.toString(b) : "%" + HEXADECIMAL.toHexDigits(b));
    }
  }

  private static Value pluralize(Arguments in) {
    int length = Lookup.length(in.at(0));
    boolean single = length < 0 ? Convert.requireLong(in.at(0)) == 1 : length == 1;
    var chosen = in.at(single ? 1 : 2);
    return chosen.isNothing() ? Value.of(single ? "" : "s") : chosen;
  }

  private static String fileSize(Arguments in) {
    if (in.at(0).kind() != Value.Kind.NUMBER) {
      throw new Failure("cannot convert " + in.at(0).kind() + " to float");
    }
    double size = Convert.real(in.at(0));
    boolean binary = in.has(1) && Convert.flag(in.at(1));
    if (!Double.isFinite(size)) {
      throw new Failure("cannot write this number as a size");
    }
    if (size == 1) {
      return "1 Byte";
    }
    double base = binary ? 1024 : 1000;
    double positive = Math.abs(size);
    var sign = size < 0 ? "-" : "";
    if (positive < base) {
      return sign + Formats.shortest(positive) + " Bytes";
    }
    var prefixes = binary ? "KMGTPEZY" : "kMGTPEZY";
    int unit = 0;
    double scaled = positive / base;
    while (scaled >= base && unit < prefixes.length() - 1) {
      scaled /= base;
      unit++;
    }
    return sign + Formats.fixed(scaled, 1) + " " + prefixes.charAt(unit) + (binary ? "iB" : "B");
  }
}
