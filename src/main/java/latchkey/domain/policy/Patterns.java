package latchkey.domain.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Pattern;

/// The regular expressions of rules (RE2), each compiled once: CEL's own `matches` compiles at
/// every question, which was a third of what the default rules cost.
final class Patterns {
  private static final int MOST = 1_000;

  private final Cache<String, Pattern> compiled = Caffeine.newBuilder().maximumSize(MOST).build();

  /// Whether it matches somewhere in `text`.
  boolean find(String regex, String text) {
    return compiled.get(regex, Pattern::compile).matcher(text).find();
  }
}
