package latchkey.cli;

import java.util.Map;
import java.util.regex.Pattern;

/// The least a configuration needs, below what a test says.
final class SmallConfiguration {
  static final String HEX = "0123456789abcdef".repeat(4);

  private static final Map<String, String> NEEDED =
      Map.of(
          "secrets", "secrets: {encryption: '" + HEX + "'}\n", "matrix", "matrix: {secret: s}\n");

  private SmallConfiguration() {}

  /// The text first, so that its lines count from 1; then the sections it needs and lacks.
  static String with(String yaml) {
    var whole = new StringBuilder(yaml);
    NEEDED.forEach(
        (section, content) -> {
          if (!Pattern.compile("^" + section + ":", Pattern.MULTILINE).matcher(yaml).find()) {
            whole.append(content);
          }
        });
    return whole.toString();
  }
}
