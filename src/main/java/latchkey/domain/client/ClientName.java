package latchkey.domain.client;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of a client as people are shown it: one short line in one direction of writing, so that
/// it cannot pose as more than a name. Anybody can register any name, and a client can call a
/// device anything.
public final class ClientName {
  private static final int LONGEST = 64;

  /// Control characters, ends of lines, and what turns the direction of writing.
  private static final Pattern TRICKS =
      Pattern.compile(
          "[\\p{Cntrl}\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private ClientName() {}

  /// Empty if nothing is left to show.
  public static Optional<String> shown(@Nullable String name) {
    var plain = TRICKS.matcher(name == null ? "" : name).replaceAll(" ");
    var line = SPACES.matcher(plain.strip()).replaceAll(" ");
    if (line.isEmpty()) {
      return Optional.empty();
    }
    boolean fits = line.codePointCount(0, line.length()) <= LONGEST;
    return Optional.of(fits ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…");
  }
}
