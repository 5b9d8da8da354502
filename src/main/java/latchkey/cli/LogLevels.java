package latchkey.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `RUST_LOG`: a level, or `target=level` with one of our loggers, separated by commas. What a
/// level below `info` brings out is our own only: nobody vouches for what libraries say there.
///
/// @param properties for Quarkus
/// @param ignored the parts that mean nothing here
record LogLevels(Map<String, String> properties, List<String> ignored) {
  private static final String REQUESTS = "http.server.response";
  private static final String ALL = "";

  /// Most first. Below `debug` nothing is built in.
  private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR", "OFF");

  static LogLevels of(String filter) {
    var levels = new LinkedHashMap<String, String>();
    var ignored = new ArrayList<String>();
    for (var part : filter.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      var target = part.substring(0, Math.max(equals, 0)).strip().replace("::", ".");
      var level = part.substring(equals + 1).strip().toUpperCase(Locale.ROOT);
      level = level.equals("TRACE") ? "DEBUG" : level;
      if (LEVELS.contains(level) && isOurs(target)) {
        levels.put(target, level);
      } else if (!part.isBlank()) {
        ignored.add(part.strip());
      }
    }
    return new LogLevels(levels.isEmpty() ? Map.of() : properties(levels), List.copyOf(ignored));
  }

  private static boolean isOurs(String target) {
    return target.equals(ALL)
        || target.equals(REQUESTS)
        || target.equals("latchkey")
        || target.startsWith("latchkey.");
  }

  private static Map<String, String> properties(Map<String, String> levels) {
    var properties = new LinkedHashMap<String, String>();
    var all = levels.getOrDefault(ALL, "INFO");
    if (all.equals("DEBUG")) {
      properties.put(category("latchkey"), all);
      properties.put(category(REQUESTS), all);
    } else {
      properties.put("quarkus.log.level", all);
    }
    var most = LEVELS.indexOf(all);
    for (var target : levels.entrySet()) {
      if (!target.getKey().equals(ALL)) {
        properties.put(category(target.getKey()), target.getValue());
        most = Math.min(most, LEVELS.indexOf(target.getValue()));
      }
    }
    // Of libraries too, some of which have a level of their own.
    properties.put("quarkus.log.console.level", LEVELS.get(most));
    return properties;
  }

  private static String category(String name) {
    return "quarkus.log.category.\"" + name + "\".level";
  }
}
