package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import latchkey.world.Chromium;
import latchkey.world.Chromium.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The pictures of well-known providers in a real browser, photographed into `target/screenshots`.
@Tag("browser")
class ProviderMarksBrowserTest {
  private static final Path PAGES = Path.of("target/provider-marks").toAbsolutePath();

  private static Chromium chromium;

  @BeforeAll
  static void write() throws IOException {
    var config =
        Files.writeString(
            Files.createTempFile("marks", ".yaml"),
            "http: {public_base: 'https://auth.example.com/'}\n");
    var run =
        CommandLineRun.of(
            "templates", "check", "-c", config.toString(), "--out-dir", PAGES.toString());
    assertThat(run.exit()).as(run.err()).isZero();
    chromium = new Chromium();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @Test
  void they_stand_in_one_column_beside_the_middle_of_their_text() {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : List.of(320, 1280)) {
        chromium.look(
            "provider-marks",
            Look.at(scheme, width),
            page -> {
              page.navigate(url("LoginPage-brands"));
              assertThat(uneven(page)).as(scheme + " " + width).isEmpty();
            });
      }
    }
  }

  /// Windows' high contrast: only the colours that the person has chosen, and still a picture.
  @Test
  void with_forced_colours_they_have_that_of_the_text() {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      var options =
          new Browser.NewContextOptions()
              .setColorScheme(scheme)
              .setForcedColors(ForcedColors.ACTIVE)
              .setViewportSize(320, 800);
      try (var context = chromium.browser().newContext(options)) {
        var page = context.newPage();
        page.navigate(url("LoginPage-brands"));

        assertThat((Boolean) page.evaluate("matchMedia('(forced-colors: active)').matches"))
            .isTrue();
        assertThat(page.locator(".mark").count()).isEqualTo(9);
        assertThat(otherwiseColoured(page)).isEmpty();
        page.screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(
                    Path.of(
                        "target/screenshots/provider-marks-forced-%s.png"
                            .formatted(scheme.name().toLowerCase(Locale.ROOT)))));
      }
    }
  }

  private static List<?> uneven(Page page) {
    return (List<?>)
        page.evaluate(
            """
            () => [...document.querySelectorAll('.providers .button')].map(button => {
              const mark = button.firstElementChild.getBoundingClientRect();
              const text = button.lastElementChild.getBoundingClientRect();
              const start = mark.left - button.getBoundingClientRect().left;
              const aside = Math.abs(mark.top + mark.bottom - text.top - text.bottom) / 2;
              return {mark: button.textContent.trim(), size: [mark.width, mark.height], start, aside};
            }).filter(seen => seen.size[0] !== 24 || seen.size[1] !== 24 || seen.start !== 17 || seen.aside > 1)
              .map(JSON.stringify)
            """);
  }

  private static List<?> otherwiseColoured(Page page) {
    return (List<?>)
        page.evaluate(
            """
            () => [...document.querySelectorAll('.mark *')].filter(shape => {
              const fill = getComputedStyle(shape).fill;
              const text = getComputedStyle(shape.closest('a').lastElementChild).color;
              const page = getComputedStyle(document.querySelector('main')).backgroundColor;
              return text === page || fill !== (shape.matches('.cut') ? page : text);
            }).map(shape => getComputedStyle(shape).fill + ' ' + shape.outerHTML)
            """);
  }

  private static String url(String name) {
    return PAGES.resolve("en").resolve(name + ".html").toUri().toString();
  }
}
