package latchkey.base.language;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import latchkey.base.language.PluralRule.Category;

/// A text as a translation file has it: one sentence, or one for each plural form. Placeholders are
/// spelled `%(name)s`, a percent sign `%%`.
final class Text {
  private static final Pattern MARK = Pattern.compile("%(?:\\((?<name>\\w+)\\)[sd]|%)");

  /// What a sentence is made of.
  private sealed interface Piece {
    record Literal(String text) implements Piece {}

    record Placeholder(String name) implements Piece {}
  }

  private final Map<Category, List<Piece>> forms;

  private Text(Map<Category, List<Piece>> forms) {
    this.forms = forms;
  }

  static Text of(String sentence) {
    return plural(Map.of(Category.OTHER, sentence));
  }

  /// @param sentences with one for [Category#OTHER]
  static Text plural(Map<Category, String> sentences) {
    var forms = new EnumMap<Category, List<Piece>>(Category.class);
    sentences.forEach((category, sentence) -> forms.put(category, pieces(sentence)));
    return new Text(forms);
  }

  boolean isPlural() {
    return forms.size() > 1;
  }

  /// The names of all placeholders in all forms.
  Set<String> placeholders() {
    var names = new LinkedHashSet<String>();
    for (var form : forms.values()) {
      for (var piece : form) {
        if (piece instanceof Piece.Placeholder(var name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /// @param literal what becomes of the words themselves, such as escaping
  /// @param value what stands at a placeholder
  String fill(Category category, UnaryOperator<String> literal, UnaryOperator<String> value) {
    var form = forms.getOrDefault(category, forms.getOrDefault(Category.OTHER, List.of()));
    var filled = new StringBuilder();
    for (var piece : form) {
      filled.append(
          switch (piece) {
            case Piece.Literal(var text) -> literal.apply(text);
            case Piece.Placeholder(var name) -> value.apply(name);
          });
    }
    return filled.toString();
  }

  private static List<Piece> pieces(String sentence) {
    var pieces = new ArrayList<Piece>();
    var marks = MARK.matcher(sentence);
    int end = 0;
    while (marks.find()) {
      pieces.add(new Piece.Literal(sentence.substring(end, marks.start())));
      var name = marks.group("name");
      pieces.add(name == null ? new Piece.Literal("%") : new Piece.Placeholder(name));
      end = marks.end();
    }
    pieces.add(new Piece.Literal(sentence.substring(end)));
    return pieces;
  }
}
