package latchkey.base.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranslationTest {
  private static final String ALL_FORMS =
      """
      {"n": {"zero": "zero", "one": "one", "two": "two", "few": "few", "many": "many", "other": "other"}}
      """;

  @Test
  void placeholders_are_filled_and_a_percent_sign_is_doubled() {
    var english = translation("en", "{\"rate\": \"%(name)s: 100%% of %(count)d\"}");

    var said = english.say(Message.of("rate").with("name", "A$1\\").counting(3));

    assertThat(said).isEqualTo("A$1\\: 100% of 3");
  }

  @Test
  void keys_are_the_names_on_the_way_and_notes_are_none() {
    var english =
        translation("en", "{\"a\": {\"b\": \"deep\", \"@b\": {\"context\": \"x.html:3\"}}}");

    assertThat(english.say("a.b")).isEqualTo("deep");
    assertThatThrownBy(() -> english.say("a.@b")).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void what_a_language_lacks_it_says_in_english() {
    var english = translation("en", "{\"a\": \"one\", \"b\": \"two\"}");
    var german = new Translation("de", read("{\"a\": \"eins\"}"), english);

    assertThat(german.say("a")).isEqualTo("eins");
    assertThat(german.say("b")).isEqualTo("two");
  }

  @Test
  void names_keep_their_own_direction_in_a_language_that_runs_from_right_to_left() {
    var hebrew = translation("he", "{\"a\": \"%(mxid)s?\"}");
    var english = translation("en", "{\"a\": \"%(mxid)s?\"}");

    assertThat(hebrew.rightToLeft()).isTrue();
    assertThat(hebrew.say(Message.of("a").with("mxid", "@a:b"))).isEqualTo("\u2068@a:b\u2069?");
    assertThat(english.say(Message.of("a").with("mxid", "@a:b"))).isEqualTo("@a:b?");
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource({
    "en, 0, other",
    "en, 1, one",
    "en, 2, other",
    "de, 1, one",
    "sv, 11, other",
    "fr, 0, one",
    "fr, 1, one",
    "fr, 2, other",
    "fr, 1000000, many",
    "pt, 0, other",
    "pt, 1, one",
    "pt-BR, 0, one",
    "pt-BR, 2, other",
    "cs, 1, one",
    "cs, 3, few",
    "cs, 5, other",
    "sk, 4, few",
    "sk, 0, other",
    "pl, 1, one",
    "pl, 22, few",
    "pl, 12, many",
    "pl, 5, many",
    "pl, 21, many",
    "ru, 1, one",
    "ru, 21, one",
    "ru, 11, many",
    "ru, 3, few",
    "ru, 13, many",
    "uk, 101, one",
    "zh-Hans, 1, other",
    "nb-NO, 1, one",
    "hu, 1, one",
    "uz, 2, other",
    "ar, 0, zero",
    "ar, 1, one",
    "ar, 2, two",
    "ar, 103, few",
    "ar, 11, many",
    "ar, 100, other",
    "he, 2, two",
    "he, 1, one",
    "he, 20, other"
  })
  void each_language_counts_in_its_own_way(String language, long count, String form) {
    var translation = translation(language, ALL_FORMS);

    assertThat(translation.say(Message.of("n").counting(count))).isEqualTo(form);
  }

  @Test
  void a_form_that_is_not_given_is_the_common_one() {
    var russian =
        translation("ru", "{\"n\": {\"one\": \"%(count)s x\", \"other\": \"%(count)s y\"}}");

    assertThat(russian.say(Message.of("n").counting(3))).isEqualTo("3 y");
  }

  private static Translation translation(String language, String json) {
    return new Translation(language, read(json), null);
  }

  private static Map<String, Text> read(String json) {
    try {
      return TranslationFile.read(json);
    } catch (TranslationFile.Unusable e) {
      throw new AssertionError(e);
    }
  }
}
