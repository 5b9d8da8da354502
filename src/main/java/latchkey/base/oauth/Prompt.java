package latchkey.base.oauth;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a client wants the person to be asked, whatever is known already (OpenID Connect Core
/// §3.1.2.1, Initiating User Registration 1.0).
public enum Prompt {
  NONE("none"),
  LOGIN("login"),
  CONSENT("consent"),
  SELECT_ACCOUNT("select_account"),
  CREATE("create");

  private final String code;

  Prompt(String code) {
    this.code = code;
  }

  /// The value as it goes over the wire.
  public String code() {
    return code;
  }

  public static Optional<Prompt> parse(String code) {
    for (var prompt : values()) {
      if (prompt.code.equals(code)) {
        return Optional.of(prompt);
      }
    }
    return Optional.empty();
  }

  /// Reads values with single spaces between; empty if one is unknown, or stands beside `none`.
  public static Optional<Set<Prompt>> parseAll(String text) {
    var prompts = EnumSet.noneOf(Prompt.class);
    for (var code : text.split(" ", -1)) {
      var prompt = parse(code);
      if (prompt.isEmpty()) {
        return Optional.empty();
      }
      prompts.add(prompt.get());
    }
    return prompts.contains(NONE) && prompts.size() > 1 ? Optional.empty() : Optional.of(prompts);
  }

  @Override
  public String toString() {
    return code;
  }
}
