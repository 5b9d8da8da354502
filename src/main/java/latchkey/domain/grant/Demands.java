package latchkey.domain.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Prompt;
import org.jspecify.annotations.Nullable;

/// What a client demands of the person who answers, and of their sign-in (OpenID Connect Core
/// §3.1.2.1).
///
/// @param subjects the only users who may answer; empty for anybody
/// @param maxAuthAge the oldest sign-in that will do; one made since the request always does. Null
///   for any
public record Demands(Set<Prompt> prompts, Set<UUID> subjects, @Nullable Duration maxAuthAge) {
  public Demands {
    prompts = Set.copyOf(prompts);
    subjects = Set.copyOf(subjects);
  }

  public boolean asks(Prompt prompt) {
    return prompts.contains(prompt);
  }

  /// Whether this user may answer.
  public boolean allow(UUID user) {
    return subjects.isEmpty() || subjects.contains(user);
  }

  /// Whether a sign-in of that time will do. The conditional update that makes the code says the
  /// same in SQL.
  boolean accept(Instant authenticatedAt, Instant requestedAt, Instant now) {
    return maxAuthAge == null
        || !authenticatedAt.isBefore(requestedAt)
        || !authenticatedAt.isBefore(now.minus(maxAuthAge));
  }
}
