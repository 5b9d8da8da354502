package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pictures of well-known providers, in the pages that `templates check --out-dir` writes.
class ProviderMarksTest {
  private static final Path TEMPLATE = Path.of("templates/provider-mark.html");
  private static final Pattern BUTTON =
      Pattern.compile(
          "data-brand=\"(\\w+)\">\\s*(<(svg|span) .*?</\\3>)\\s*<span>", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void each_brand_has_a_picture_of_its_own_and_an_unknown_one_its_letter() throws IOException {
    var marks = marks(page("LoginPage-brands", ""));

    assertThat(marks.keySet())
        .contains("apple", "discord", "facebook", "github", "gitlab", "google", "twitter")
        .contains("keycloak", "microsoft", "acme");
    assertThat(marks.remove("acme"))
        .isEqualTo("<span class=\"glyph\" aria-hidden=\"true\">A</span>");
    assertThat(marks.values()).doesNotHaveDuplicates();
    for (var mark : marks.values()) {
      assertThat(mark)
          .startsWith("<svg class=\"mark\" viewBox=\"0 0 24 24\"")
          .contains(" aria-hidden=\"true\" focusable=\"false\">");
    }
  }

  @Test
  void what_has_one_colour_has_that_of_the_text() throws IOException {
    var marks = marks(page("LoginPage-brands", ""));

    for (var brand : List.of("apple", "github", "twitter")) {
      assertThat(marks.get(brand)).contains("fill=\"currentColor\"").doesNotContain("#");
    }
    var google = Pattern.compile("fill=\"(#\\w{6})\"").matcher(marks.get("google")).results();
    assertThat(google.map(fill -> fill.group(1)).distinct()).hasSize(4);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "WaysPage-ways,             gitlab,  O",
    "WayPage-unlink,            gitlab,  ",
    "UpstreamLinkPage-link,     google,  ",
    "UpstreamLinkPage-taken,    google,  ",
    "UpstreamRegisterPage-open, google,  ",
    "ToProviderPage-leaving,    ,        O",
    "RegisterPage-for-a-client,   gitlab,  O",
  })
  void wherever_a_provider_is_the_matter_its_picture_or_letter_stands_by(
      String name, String brand, String letter) throws IOException {
    var marks = marks(page("LoginPage-brands", ""));
    var page = page(name, "");

    if (brand != null) {
      assertThat(page).contains(marks.get(brand));
    }
    if (letter != null) {
      assertThat(page).contains("<span class=\"glyph\" aria-hidden=\"true\">" + letter + "</span>");
    }
  }

  @Test
  void an_admin_can_draw_them_anew() throws IOException {
    var own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(own.resolve("provider-mark.html"), "<i>{initial} of {brand.or('none')}</i>");

    var page = page("LoginPage-brands", "templates: {path: '" + own + "'}\n");

    assertThat(page).contains("<i>G of google</i>", "<i>A of acme</i>").doesNotContain("<svg");
  }

  /// A style attribute would be refused by the `Content-Security-Policy`; an id would be on a page
  /// twice.
  @ParameterizedTest
  @ValueSource(strings = {"style", " id=", "url(", "http", "<script", "<image", "href"})
  @Tag("CSP3")
  void they_need_nothing_that_is_forbidden(String needed) throws IOException {
    assertThat(Files.readString(TEMPLATE)).doesNotContain(needed);
  }

  @Test
  void they_are_small() throws IOException {
    assertThat(Files.size(TEMPLATE)).isLessThan(6 * 1024);
    assertThat(page("LoginPage-brands", "").length()).isLessThan(12 * 1024);
  }

  private String page(String name, String more) throws IOException {
    var config = folder.resolve("check.yaml");
    Files.writeString(config, "http: {public_base: 'https://auth.example.com/'}\n" + more);
    var pages = folder.resolve("pages");
    var run =
        CommandLineRun.of(
            "templates", "check", "-c", config.toString(), "--out-dir", pages.toString());
    assertThat(run.exit()).as(run.err()).isZero();
    return Files.readString(pages.resolve("en").resolve(name + ".html"));
  }

  private static Map<String, String> marks(String page) {
    var marks = new LinkedHashMap<String, String>();
    BUTTON.matcher(page).results().forEach(found -> marks.put(found.group(1), found.group(2)));
    return marks;
  }
}
