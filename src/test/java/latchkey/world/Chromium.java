package latchkey.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// A real browser, and what every page is looked at for.
public final class Chromium implements AutoCloseable {
  private static final String AXE = axe();

  private final Playwright playwright;
  private final Browser browser;

  public Chromium() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(
                        Path.of(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  public Browser browser() {
    return browser;
  }

  /// How a page is looked at.
  ///
  /// @param zoom as by Ctrl and +: the window stays, what is in it grows
  public record Look(ColorScheme scheme, int width, double zoom) {
    public static Look at(ColorScheme scheme, int width) {
      return new Look(scheme, width, 1);
    }

    Browser.NewContextOptions options() {
      return new Browser.NewContextOptions()
          .setColorScheme(scheme)
          .setViewportSize((int) (width / zoom), (int) (800 / zoom))
          .setDeviceScaleFactor(zoom);
    }

    String name() {
      var scaled = zoom == 1 ? "" : "-zoom" + (int) (zoom * 100);
      return scheme.name().toLowerCase(Locale.ROOT) + "-" + width + scaled;
    }
  }

  /// Where to go.
  public interface Visit {
    void to(Page page);
  }

  /// Visits a page: axe finds nothing, nothing is cut off, everything can be touched, and there is
  /// a photograph in `target/screenshots`.
  public void look(String name, Look look, Visit visit) {
    try (var eye = eye(look)) {
      eye.look(name, visit);
    }
  }

  /// A window that looks at one page after the other; what one leaves behind the next meets.
  public Eye eye(Look look) {
    return new Eye(browser.newContext(look.options()), look);
  }

  /// One window with one look.
  public static final class Eye implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final Look look;
    private final List<String> complaints = new ArrayList<>();

    private Eye(BrowserContext context, Look look) {
      this.context = context;
      this.look = look;
      // Once for all its pages; handing it to each anew takes longer than all the rest.
      context.addInitScript(AXE);
      page = context.newPage();
      page.onConsoleMessage(
          message -> {
            if (message.type().equals("error") && message.text().contains("Content Security")) {
              complaints.add(message.text());
            }
          });
    }

    public void look(String name, Visit visit) {
      visit.to(page);
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of("target/screenshots", name + "-" + look.name() + ".png")));
      var where = name + " " + look;
      assertThat(complaints).as(where).isEmpty();
      assertAccessible(page, where);
      assertNothingIsCutOff(page, where);
      assertTouchable(page, where);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static void assertAccessible(Page page, String where) {
    var told =
        page.evaluate(
            """
            () => axe.run(document, {resultTypes: ['violations']}).then(results =>
              results.violations.map(rule => rule.id + ': ' + JSON.stringify(rule.nodes)))
            """);
    assertThat((List<?>) told).as(where).isEmpty();
  }

  private static void assertNothingIsCutOff(Page page, String where) {
    var cutOff =
        page.evaluate(
            """
            () => [...document.querySelectorAll('body, body *')]
              .filter(e => e.tagName !== 'INPUT' && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible'
                || e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
                || e.getBoundingClientRect().left < -1)
              .map(e => e.outerHTML.slice(0, 120))
            """);
    assertThat((List<?>) cutOff).as("cut off at " + where).isEmpty();
    assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth > innerWidth"))
        .as("sideways scrolling at " + where)
        .isFalse();
  }

  private static void assertTouchable(Page page, String where) {
    var small =
        page.evaluate(
            """
            () => [...document.querySelectorAll('button, .button, input:not([type=hidden]), footer a')]
              .filter(e => e.getBoundingClientRect().height < 43.9)
              .map(e => e.outerHTML.slice(0, 120))
            """);
    assertThat((List<?>) small).as("too small to touch at " + where).isEmpty();
  }

  private static String axe() {
    try (var script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
