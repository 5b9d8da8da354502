package latchkey.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The variables that stand beside the configuration (`configuration.md` 1.3): how much is logged,
/// and those that are set for a server of MAS and do nothing here, which is told.
///
/// @param warnings sentences for the admin, with names and no values, which may be secret
record OtherVariables(LogLevels logLevels, List<String> warnings) {
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "http_proxy",
          "https_proxy",
          "all_proxy",
          "no_proxy",
          "notify_socket",
          "watchdog_usec",
          "watchdog_pid",
          "listen_fds",
          "listen_pid",
          "listen_fdnames");

  static OtherVariables of(Map<String, String> environment) {
    var warnings = new ArrayList<String>();
    var idle = new ArrayList<String>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty() && isWithoutEffect(name)) {
                idle.add(name);
              }
            });
    if (!idle.isEmpty()) {
      warnings.add(
          "variables that are set, but without effect in this release: " + String.join(", ", idle));
    }
    var levels = LogLevels.of(environment.getOrDefault("RUST_LOG", ""));
    if (!levels.ignored().isEmpty()) {
      warnings.add(
          "RUST_LOG: nothing here is called "
              + String.join(", ", levels.ignored())
              + "; a level is understood, and latchkey=LEVEL, http.server.response=LEVEL");
    }
    return new OtherVariables(levels, List.copyOf(warnings));
  }

  private static boolean isWithoutEffect(String name) {
    return WITHOUT_EFFECT.contains(name.toLowerCase(Locale.ROOT))
        || name.startsWith("OTEL_")
        || name.startsWith("SENTRY_");
  }
}
