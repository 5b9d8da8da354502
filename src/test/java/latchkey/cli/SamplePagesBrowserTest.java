package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import latchkey.world.Chromium;
import latchkey.world.Chromium.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every look of every page, as `templates check --out-dir` writes them, with Hebrew beside English
/// and German.
@Tag("browser")
class SamplePagesBrowserTest {
  private static final Path PAGES = Path.of("target/sample-pages").toAbsolutePath();
  private static final String WITH_HEBREW =
      """
      http: {public_base: 'https://auth.example.com/'}
      branding:
        service_name: Example house
        policy_uri: https://example.com/privacy
        tos_uri: https://example.com/terms
        imprint: Example Ltd
      templates: {translations_path: '%s'}
      """;

  private static Chromium chromium;

  @BeforeAll
  static void write() throws IOException {
    var config =
        Files.writeString(
            Files.createTempFile("pages", ".yaml"),
            WITH_HEBREW.formatted(Path.of("src/test/translations").toAbsolutePath()));
    assertThat(
            Latchkey.commandLine(Map.of())
                .execute(
                    "templates", "check", "-c", config.toString(), "--out-dir", PAGES.toString()))
        .isZero();
    chromium = new Chromium();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @Test
  void every_look() throws IOException {
    look("en", Look.at(ColorScheme.LIGHT, 360));
    look("de", Look.at(ColorScheme.DARK, 1280));
    look("he", Look.at(ColorScheme.DARK, 360));
  }

  /// Minutes: this and the one above are nine ways to look at each page.
  @Test
  @Tag("soak")
  @Tag("WCAG-1.4.4")
  void every_look_in_every_other_way() throws IOException {
    look("en", Look.at(ColorScheme.DARK, 360));
    look("en", Look.at(ColorScheme.LIGHT, 1280));
    look("en", new Look(ColorScheme.LIGHT, 1280, 2));
    look("de", Look.at(ColorScheme.LIGHT, 360));
    look("de", new Look(ColorScheme.LIGHT, 640, 2));
    look("he", Look.at(ColorScheme.LIGHT, 1280));
  }

  @Test
  void what_runs_from_right_to_left_is_mirrored() throws IOException {
    try (var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.navigate(url("he", "ConsentPage-messages.html"));

      assertThat(page.locator("html").getAttribute("dir")).isEqualTo("rtl");
      var initial = page.locator(".asker .initial").boundingBox();
      var name = page.locator(".asker strong").boundingBox();
      assertThat(initial.x).isGreaterThan(name.x);
      assertThat(page.locator("h1").evaluate("e => getComputedStyle(e).textAlign"))
          .isEqualTo("start");
    }
  }

  private static void look(String language, Look look) throws IOException {
    try (var files = Files.list(PAGES.resolve(language));
        var eye = chromium.eye(look)) {
      for (var file : files.filter(file -> file.toString().endsWith(".html")).sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        eye.look(
            language + "-" + name.replace(".html", ""), page -> page.navigate(url(language, name)));
      }
    }
  }

  private static String url(String language, String name) {
    return PAGES.resolve(language).resolve(name).toUri().toString();
  }
}
