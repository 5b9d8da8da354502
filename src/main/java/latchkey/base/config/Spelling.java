package latchkey.base.config;

import java.util.Collection;
import java.util.Optional;

/// Finds what a misspelt key was meant to be.
final class Spelling {
  private static final int FAR = 3;

  private Spelling() {}

  /// What to tell of an unknown key beside that it is unknown; empty if nothing comes to mind.
  static String hint(String key, Node node, Collection<String> known) {
    boolean fromVariable = node.mark().line() == 0;
    if (fromVariable && known.stream().anyMatch(name -> name.startsWith(key + "_"))) {
      return "; no variable can set a key with an underscore";
    }
    return nearest(key, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  static Optional<String> nearest(String word, Collection<String> known) {
    String best = null;
    int bestDistance = FAR;
    for (var candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String a, String b) {
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
