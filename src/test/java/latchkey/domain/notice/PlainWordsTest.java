package latchkey.domain.notice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What others chose to be called, in a mail of ours.
class PlainWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "http:/*/evil.e*xample",
        "evil.exam<b>ple",
        "evil\u200B.\u00ADexample",
        "evil2.com/x",
        "evil_.com",
        "x.xn--p1ai",
        "зло.рф",
        "WWW.x",
        "203.0.113.9/login",
        "(203.0.113.9)",
        "somebody@x",
        "mailto:a@b"
      })
  void what_could_become_a_link_is_left_out(String text) {
    assertThat(PlainWords.of("visit " + text + " now")).isEqualTo("visit … now");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Element/1.6.0 (Google Pixel 8; Android 14; MatrixAndroidSdk2 1.6.0)",
        "Jonny's Client & Größe",
        "ABCDEFGHIJ"
      })
  void programs_and_names_stay_as_they_are(String text) {
    assertThat(PlainWords.of(text)).isEqualTo(text);
  }

  @Test
  void a_long_text_is_cut_between_letters() {
    assertThat(PlainWords.of("𝐀".repeat(121))).isEqualTo("𝐀".repeat(120) + "…");
  }
}
