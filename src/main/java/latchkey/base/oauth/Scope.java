package latchkey.base.oauth;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A set of scope tokens (RFC 6749 §3.3), without repeats and in byte order.
public record Scope(SortedSet<String> tokens) {
  public static final String OPENID = "openid";
  public static final String EMAIL = "email";
  public static final String PROFILE = "profile";
  public static final String OFFLINE_ACCESS = "offline_access";

  private static final Pattern TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

  public Scope {
    tokens = Collections.unmodifiableSortedSet(new TreeSet<>(tokens));
  }

  public static Scope of(Collection<String> tokens) {
    return new Scope(new TreeSet<>(tokens));
  }

  /// Reads `a b c`: tokens of the RFC's characters, single spaces between. Empty if it is anything
  /// else; the empty text is the empty scope.
  public static Optional<Scope> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(new Scope(new TreeSet<>()));
    }
    var tokens = new TreeSet<String>();
    for (var token : text.split(" ", -1)) {
      if (!TOKEN.matcher(token).matches()) {
        return Optional.empty();
      }
      tokens.add(token);
    }
    return Optional.of(new Scope(tokens));
  }

  public boolean contains(String token) {
    return tokens.contains(token);
  }

  public boolean isEmpty() {
    return tokens.isEmpty();
  }

  /// The same without `token`.
  public Scope without(String token) {
    var rest = new TreeSet<>(tokens);
    rest.remove(token);
    return new Scope(rest);
  }

  /// The wire form: tokens in byte order, single spaces between.
  @Override
  public String toString() {
    return String.join(" ", tokens);
  }
}
