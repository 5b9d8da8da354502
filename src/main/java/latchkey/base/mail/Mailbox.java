package latchkey.base.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/// A sender or recipient as RFC 5322 §3.4 writes it: `Somebody <somebody@example.com>`, or the
/// address alone.
///
/// @param name empty if there is none
public record Mailbox(String name, String address) {
  private static final Pattern WITH_NAME =
      Pattern.compile("\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\"<>@]*?))\\s*<\\s*(\\S+)\\s*>\\s*");

  private static final Pattern ADDRESS =
      Pattern.compile(
          "[^\\s\\p{Cntrl}@<>()\\[\\]\\\\,;:\"]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  /// A line break in either would begin a header of somebody else's.
  public Mailbox {
    name = CONTROL.matcher(name).replaceAll(" ").strip();
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("no address");
    }
  }

  public static Optional<Mailbox> parse(String text) {
    var matcher = WITH_NAME.matcher(text);
    if (!matcher.matches()) {
      return of("", text.strip());
    }
    var quoted = matcher.group(1);
    var name = quoted == null ? matcher.group(2) : quoted.replaceAll("\\\\(.)", "$1");
    return of(String.valueOf(name), matcher.group(3));
  }

  private static Optional<Mailbox> of(String name, String address) {
    boolean valid = ADDRESS.matcher(address).matches() && name.chars().noneMatch(c -> c < ' ');
    return valid ? Optional.of(new Mailbox(name, address)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name.isEmpty()
        ? address
        : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\" <" + address + ">";
  }
}
