package latchkey.base.language;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The texts of one language. What it lacks it says in English.
public final class Translation {
  private static final Set<String> RIGHT_TO_LEFT =
      Set.of("ar", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi");

  /// Keep what stands between them from mixing with the words around it (Unicode UAX #9).
  private static final char ISOLATE = '\u2068';

  private static final char POP_ISOLATE = '\u2069';

  private final String language;
  private final boolean rightToLeft;
  private final PluralRule plural;
  private final Map<String, Text> texts;
  private final @Nullable Translation fallback;

  Translation(String language, Map<String, Text> texts, @Nullable Translation fallback) {
    var locale = Locale.forLanguageTag(language);
    this.language = language;
    this.rightToLeft = RIGHT_TO_LEFT.contains(locale.getLanguage());
    this.plural = PluralRule.of(locale);
    this.texts = Map.copyOf(texts);
    this.fallback = fallback;
  }

  /// The language tag (BCP 47).
  public String language() {
    return language;
  }

  public boolean rightToLeft() {
    return rightToLeft;
  }

  /// As plain text.
  public String say(Message message) {
    return say(
        message, literal -> literal, name -> isolated(String.valueOf(message.values().get(name))));
  }

  public String say(String key) {
    return say(Message.of(key));
  }

  /// With words and values as the caller wants them, HTML for instance.
  public String say(Message message, UnaryOperator<String> literal, UnaryOperator<String> value) {
    var text = texts.get(message.key());
    if (text == null && fallback != null) {
      return fallback.say(message, literal, value);
    }
    if (text == null) {
      throw new NoSuchElementException("there is no text " + message.key());
    }
    long count = message.count() == null ? 0 : message.count();
    return text.fill(plural.of(count), literal, value);
  }

  public boolean has(String key) {
    return texts.containsKey(key) || (fallback != null && fallback.has(key));
  }

  /// What has to be given for a text.
  public Set<String> placeholders(String key) {
    var names = new LinkedHashSet<String>();
    if (texts.containsKey(key)) {
      names.addAll(texts.get(key).placeholders());
    } else if (fallback != null) {
      names.addAll(fallback.placeholders(key));
    }
    return names;
  }

  /// A value with its own direction kept, where it is likely to be another one.
  public String isolated(String value) {
    return rightToLeft ? ISOLATE + value + POP_ISOLATE : value;
  }

  /// The texts this language has itself.
  Map<String, Text> texts() {
    return texts;
  }
}
