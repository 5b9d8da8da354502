package latchkey.base.language;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.base.language.PluralRule.Category;

/// Reads the texts of one language: JSON objects within objects, whose names joined by dots are the
/// keys. An object of plural forms (`one`, `other` …) is one text; names that begin with `@` are
/// notes for translators.
final class TranslationFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private TranslationFile() {}

  /// A file that cannot be used; says where and why.
  static final class Unusable extends Exception {
    Unusable(String reason) {
      super(reason, null, false, false);
    }
  }

  static Map<String, Text> read(String json) throws Unusable {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw new Unusable((place == null ? 1 : place.getLineNr()) + ": " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw new Unusable("1: a JSON object is expected");
    }
    var texts = new LinkedHashMap<String, Text>();
    collect("", root, texts);
    return texts;
  }

  private static void collect(String prefix, JsonNode object, Map<String, Text> texts)
      throws Unusable {
    for (var entry : object.properties()) {
      var key = prefix + entry.getKey();
      var value = entry.getValue();
      if (entry.getKey().startsWith("@")) {
        continue;
      }
      if (value.isTextual()) {
        texts.put(key, Text.of(value.textValue()));
      } else if (isPlural(value)) {
        texts.put(key, plural(key, value));
      } else if (value.isObject()) {
        collect(key + ".", value, texts);
      } else {
        throw new Unusable("1: " + key + ": a text or an object is expected");
      }
    }
  }

  private static boolean isPlural(JsonNode value) {
    return value.isObject()
        && value.has("other")
        && value.properties().stream().allMatch(form -> Category.NAMES.contains(form.getKey()));
  }

  private static Text plural(String key, JsonNode value) throws Unusable {
    var sentences = new EnumMap<Category, String>(Category.class);
    for (var form : value.properties()) {
      if (!form.getValue().isTextual()) {
        throw new Unusable("1: " + key + "." + form.getKey() + ": a text is expected");
      }
      sentences.put(Category.named(form.getKey()), form.getValue().textValue());
    }
    return Text.plural(sentences);
  }
}
