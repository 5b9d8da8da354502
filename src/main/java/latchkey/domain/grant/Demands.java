package latchkey.domain.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Acr;
import latchkey.base.oauth.Prompt;
import org.jspecify.annotations.Nullable;

/// What a client demands of the person who answers, and of their sign-in (OpenID Connect Core
/// §3.1.2.1).
///
/// @param subjects the only users who may answer; empty for anybody
/// @param maxAuthAge the oldest sign-in that will do; one made since the request always does. Null
///   for any
/// @param acrs one of them has to be what is said of the sign-in (§5.5.1.1); empty for anything
public record Demands(
    Set<Prompt> prompts, Set<UUID> subjects, @Nullable Duration maxAuthAge, Set<String> acrs) {
  public Demands {
    prompts = Set.copyOf(prompts);
    subjects = Set.copyOf(subjects);
    acrs = Set.copyOf(acrs);
  }

  public boolean asks(Prompt prompt) {
    return prompts.contains(prompt);
  }

  /// Whether this user may answer.
  public boolean allow(UUID user) {
    return subjects.isEmpty() || subjects.contains(user);
  }

  /// Whether a password is good enough, if it is new enough.
  public boolean takePassword() {
    return acrs.isEmpty() || acrs.contains(Acr.PASSWORD);
  }

  /// Whether a sign-in of that time will do. The conditional update that makes the code says the
  /// same in SQL.
  boolean accept(Instant authenticatedAt, Instant requestedAt, Instant now) {
    return maxAuthAge == null
        || !authenticatedAt.isBefore(requestedAt)
        || !authenticatedAt.isBefore(now.minus(maxAuthAge));
  }
}
