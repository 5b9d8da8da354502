package latchkey.domain.notice;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Words that somebody else chose, with nothing in them that a mail program could make a link of.
final class PlainWords {
  private static final int LONGEST = 120;

  /// What is left out. It goes first: what is left might be a link only then.
  private static final Pattern STRANGE = Pattern.compile("[^\\p{L}\\p{M}\\p{N} ./;:_()+,@&'!-]");

  /// Four numbers after a name and a slash are the version of a program, else an address.
  private static final Pattern LIKE_A_LINK =
      Pattern.compile(
          "//|@|www\\.|[\\p{L}\\p{M}\\p{N}_-]\\.\\p{L}[\\p{L}\\p{M}\\p{N}-]|(?<![A-Za-z]/)\\b\\d+(\\.\\d+){3}",
          Pattern.CASE_INSENSITIVE);

  private PlainWords() {}

  static String of(String text) {
    var harmless =
        Arrays.stream(text.split("\\s+"))
            .map(word -> STRANGE.matcher(word).replaceAll(""))
            .map(word -> LIKE_A_LINK.matcher(word).find() ? "…" : word)
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(" "));
    return harmless.codePointCount(0, harmless.length()) > LONGEST
        ? harmless.substring(0, harmless.offsetByCodePoints(0, LONGEST)) + "…"
        : harmless;
  }
}
