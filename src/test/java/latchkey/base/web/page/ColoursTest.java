package latchkey.base.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The colours of the stylesheet, computed (WCAG 2.2, 1.4.3 and 1.4.11).
@Tag("WCAG-1.4.3")
class ColoursTest {
  private static final Path SHEET = Path.of("src/main/resources/assets/latchkey.css");
  private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});");

  @Test
  void text_stands_out_from_what_is_behind_it_in_light_and_in_dark() throws IOException {
    for (var colours : List.of(light(), dark())) {
      for (var behind : List.of("paper", "card")) {
        for (var text : List.of("ink", "soft", "accent", "danger", "ok")) {
          assertThat(contrast(colours, text, behind))
              .as(text + " on " + behind)
              .isGreaterThanOrEqualTo(4.5);
        }
      }
      assertThat(contrast(colours, "on-accent", "accent")).isGreaterThanOrEqualTo(4.5);
    }
  }

  @Test
  @Tag("WCAG-1.4.11")
  void the_borders_of_fields_and_the_focus_ring_stand_out() throws IOException {
    for (var colours : List.of(light(), dark())) {
      for (var behind : List.of("paper", "card")) {
        for (var line : List.of("line", "accent", "danger")) {
          assertThat(contrast(colours, line, behind))
              .as(line + " on " + behind)
              .isGreaterThanOrEqualTo(3);
        }
      }
    }
  }

  @Test
  void dark_has_values_of_its_own_and_no_rule_names_a_colour() throws IOException {
    var sheet = Files.readString(SHEET);

    assertThat(dark().keySet()).isEqualTo(light().keySet());
    assertThat(light()).isNotEqualTo(dark());
    assertThat(sheet.replaceAll("(?m)^ *--[a-z-]+: #[0-9a-f]{6};$", ""))
        .doesNotContainPattern("#[0-9a-fA-F]{3,8}\\b")
        .doesNotContain("rgb(", "hsl(");
    assertThat(sheet.lines().count()).isLessThanOrEqualTo(400);
  }

  private static Map<String, String> light() throws IOException {
    return colours(Files.readString(SHEET).split("prefers-color-scheme: dark", 2)[0]);
  }

  private static Map<String, String> dark() throws IOException {
    return colours(Files.readString(SHEET).split("prefers-color-scheme: dark", 2)[1]);
  }

  private static Map<String, String> colours(String css) {
    var colours = new HashMap<String, String>();
    var found = COLOUR.matcher(css);
    while (found.find()) {
      colours.put(found.group(1), found.group(2));
    }
    return colours;
  }

  private static double contrast(Map<String, String> colours, String one, String other) {
    double a = luminance(colours.get(one));
    double b = luminance(colours.get(other));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String hex) {
    return 0.2126 * channel(hex, 0) + 0.7152 * channel(hex, 2) + 0.0722 * channel(hex, 4);
  }

  private static double channel(String hex, int at) {
    double value = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
