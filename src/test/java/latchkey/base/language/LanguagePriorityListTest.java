package latchkey.base.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("RFC4647")
class LanguagePriorityListTest {
  private static final List<String> SPOKEN =
      List.of(
          "cs", "da", "de", "en", "et", "fi", "fr", "hu", "nb-NO", "nl", "pl", "pt", "pt-BR", "ru",
          "sk", "sv", "uk", "uz", "zh-Hans");

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "nothing",
      value = {
        "de                              | de",
        "DE                              | de",
        "de-AT, en;q=0.5                 | de",
        "fr-CA                           | fr",
        "en;q=0.5, de;q=0.9              | de",
        "it, ja;q=0.9, sv;q=0.1          | sv",
        "zh-CN                           | zh-Hans",
        "zh-Hans-CN                      | zh-Hans",
        "zh                              | zh-Hans",
        "zh-TW, de;q=0.5                 | de",
        "zh-Hant-HK, de;q=0.5            | de",
        "nb                              | nb-NO",
        "no, en;q=0.1                    | nb-NO",
        "pt-BR                           | pt-BR",
        "pt-PT                           | pt",
        "*, de;q=0.5                     | nothing",
        "it, *;q=0.9, de;q=0.5           | nothing",
        "de;q=0, fr                      | fr",
        "de;q=0                          | nothing",
        "it                              | nothing",
        "de;q=boo                        | nothing",
        "de;q=2                          | nothing",
        "not a language!                 | nothing",
        ";;,,                            | nothing",
        "''                              | nothing",
      })
  void the_header_names_the_language(String header, String expected) {
    assertThat(LanguagePriorityList.ofHeader(header).firstOf(SPOKEN).orElse(null))
        .isEqualTo(expected);
  }

  @Test
  void a_header_that_is_absent_or_endless_asks_for_nothing() {
    assertThat(LanguagePriorityList.ofHeader(null).firstOf(SPOKEN)).isEmpty();
    assertThat(LanguagePriorityList.ofHeader("de,".repeat(1000) + "de").firstOf(SPOKEN)).isEmpty();
  }

  @Test
  @Tag("OIDC-3.1.2.1")
  void ui_locales_come_before_what_the_browser_asks_for() {
    var browser = LanguagePriorityList.ofHeader("de");

    assertThat(chosen("fr-CA fr en", browser)).isEqualTo("fr");
    assertThat(chosen("it ja", browser)).isEqualTo("de");
    assertThat(chosen("!! x_y sv", browser)).isEqualTo("sv");
    assertThat(chosen("", browser)).isEqualTo("de");
    assertThat(chosen(null, browser)).isEqualTo("de");
  }

  private static String chosen(String uiLocales, LanguagePriorityList browser) {
    return LanguagePriorityList.ofUiLocales(uiLocales).orElse(browser).firstOf(SPOKEN).orElse(null);
  }
}
