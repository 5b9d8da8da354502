package latchkey.base.jinja;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// JSON to values and back. Reading binds nothing to any class: it walks through tokens.
final class JsonText {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Budget.VALUE_DEPTH).build())
          .build();

  private static final double EXPONENT_FROM = 1e16;
  private static final double EXPONENT_BELOW = 1e-5;

  private JsonText() {}

  /// @throws Failure if it is none, or too large
  static Value read(String text) {
    try (var parser = JSON.createParser(text)) {
      parser.nextToken();
      var value = value(parser);
      if (parser.nextToken() != null) {
        throw new Failure("this text goes on after its JSON");
      }
      return value;
    } catch (IOException e) {
      throw new Failure("this text is no JSON");
    }
  }

  private static Value value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> Values.text(parser.getText());
      case VALUE_NUMBER_INT -> Values.whole(parser.getText());
      case VALUE_NUMBER_FLOAT -> real(parser);
      case VALUE_TRUE -> Value.of(true);
      case VALUE_FALSE -> Value.of(false);
      case VALUE_NULL -> Nothing.NONE;
      case null, default -> throw new Failure("this text is no JSON");
    };
  }

  private static Value real(JsonParser parser) throws IOException {
    double number = parser.getDoubleValue();
    if (!Double.isFinite(number)) {
      throw new Failure("a number in this JSON is too large");
    }
    return new Value.Real(number);
  }

  private static Value array(JsonParser parser) throws IOException {
    var items = new ArrayList<Value>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return Seq.list(items);
  }

  private static Value object(JsonParser parser) throws IOException {
    Map<String, Value> entries = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      entries.put(name, value(parser));
    }
    return Dict.named(entries);
  }

  /// @param indent spaces a level; -1 for one line
  static String write(Value value, int indent, Budget budget) {
    var out = new Text(budget);
    new Writer(out, indent).write(value, 0);
    return out.toString();
  }

  private record Writer(Text out, int indent) {
    void write(Value value, int depth) {
      switch (value) {
        case Nothing _ -> out.add("null");
        case Value.Bool flag -> out.add(flag.isTrue() ? "true" : "false");
        case Value.Int(var number) -> out.add(number.toString());
        case Value.Real(var number) -> out.add(number(number));
        case Value.Str(var text, _) -> quote(text);
        case Bytes bytes -> numbers(bytes, depth);
        case Seq seq -> list(seq, depth);
        case Dict _, Namespace _ -> map(Lookup.entries(value), depth);
        case Thing thing -> quote(thing.words());
      }
    }

    private static String number(double number) {
      if (!Double.isFinite(number)) {
        return "null";
      }
      double size = Math.abs(number);
      return number == 0 || (size < EXPONENT_FROM && size >= EXPONENT_BELOW)
          ? Display.plain(number)
          : Display.withExponent(number, "+");
    }

    private void numbers(Bytes bytes, int depth) {
      var items = new ArrayList<Value>();
      for (int i = 0; i < bytes.length(); i++) {
        items.add(Value.of(bytes.at(i)));
      }
      list(Seq.list(items), depth);
    }

    private void list(Seq seq, int depth) {
      out.add("[");
      var between = "";
      for (var item : seq.items()) {
        out.add(between);
        newLine(depth + 1);
        write(item, depth + 1);
        between = ",";
      }
      if (!seq.items().isEmpty()) {
        newLine(depth);
      }
      out.add("]");
    }

    private void map(Map<Value, Value> entries, int depth) {
      out.add("{");
      var between = "";
      for (var entry : entries.entrySet()) {
        out.add(between);
        newLine(depth + 1);
        key(entry.getKey());
        out.add(indent < 0 ? ":" : ": ");
        write(entry.getValue(), depth + 1);
        between = ",";
      }
      if (!entries.isEmpty()) {
        newLine(depth);
      }
      out.add("}");
    }

    private void newLine(int depth) {
      if (indent >= 0) {
        out.add("\n").add(" ", (long) indent * depth);
      }
    }

    private void key(Value key) {
      switch (key) {
        case Value.Str(var text, _) -> quote(text);
        case Value.Bool _, Value.Int _, Value.Real _ -> {
          out.add("\"");
          write(key, 0);
          out.add("\"");
        }
        default -> throw new Failure("a map with such keys is no JSON");
      }
    }

    /// What would mean something in HTML is escaped as well.
    private void quote(String text) {
      out.add("\"");
      text.codePoints()
          .forEach(
              c -> {
                switch (c) {
                  case '"' -> out.add("\\\"");
                  case '\\' -> out.add("\\\\");
                  case '\n' -> out.add("\\n");
                  case '\r' -> out.add("\\r");
                  case '\t' -> out.add("\\t");
                  case '\b' -> out.add("\\b");
                  case '\f' -> out.add("\\f");
                  default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\'') {
                      out.add("\\u%04x".formatted(c));
                    } else {
                      out.add(c);
                    }
                  }
                }
              });
      out.add("\"");
    }
  }
}
