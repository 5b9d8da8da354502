package latchkey.base.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The file `.env` of the working directory, below the variables that are there.
public final class DotEnv {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=\\s*(.*?)\\s*");

  private static final Pattern COMMENT = Pattern.compile("\\s#.*$");

  private DotEnv() {}

  /// The variables with those of the file added; what is there already wins.
  public static Map<String, String> over(Map<String, String> environment) {
    return over(environment, Path.of(".env"));
  }

  static Map<String, String> over(Map<String, String> environment, Path file) {
    var all = new HashMap<String, String>();
    try {
      if (Files.isRegularFile(file)) {
        Files.readString(file, StandardCharsets.UTF_8).lines().forEach(line -> add(line, all));
      }
    } catch (IOException e) {
      // As if it were not there: whatever is missing then is told with its key.
    }
    all.putAll(environment);
    return all;
  }

  private static void add(String line, Map<String, String> variables) {
    var matcher = LINE.matcher(line);
    if (matcher.matches()) {
      variables.putIfAbsent(matcher.group(1), value(matcher.group(2)));
    }
  }

  private static String value(String text) {
    if (text.startsWith("'") && text.indexOf('\'', 1) > 0) {
      return text.substring(1, text.indexOf('\'', 1));
    }
    if (text.startsWith("\"") && text.indexOf('"', 1) > 0) {
      return unescaped(text);
    }
    return text.startsWith("#") ? "" : COMMENT.matcher(text).replaceFirst("").strip();
  }

  /// What stands between double quotes, where a backslash keeps the next character or makes a line.
  private static String unescaped(String quoted) {
    var value = new StringBuilder();
    for (int i = 1; i < quoted.length() && quoted.charAt(i) != '"'; i++) {
      char c = quoted.charAt(i);
      if (c == '\\' && i + 1 < quoted.length()) {
        i++;
        c = quoted.charAt(i) == 'n' ? '\n' : quoted.charAt(i);
      }
      value.append(c);
    }
    return value.toString();
  }
}
