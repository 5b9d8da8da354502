package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import latchkey.domain.session.SessionsConfig.Lifetime;
import org.jspecify.annotations.Nullable;

/// Whether a session has lived long enough, or not been used for too long.
@Singleton
public class SessionExpiry {
  private final SessionsConfig config;
  private final Outages outages;
  private final Activity activity;
  private final Clock clock;

  SessionExpiry(SessionsConfig config, Outages outages, Activity activity, Clock clock) {
    this.config = config;
    this.outages = outages;
    this.activity = activity;
    this.clock = clock;
  }

  /// Why the session is over, if it is. What is remembered of it may not know of its latest use:
  /// read the row again before anything is done about [FinishReason#IDLE].
  public Optional<FinishReason> of(SessionSnapshot session) {
    var age = session.age();
    var lifetime = lifetime(session);
    return lifetime.isLimited()
        ? judge(
            lifetime,
            age.createdAt(),
            later(
                later(session.issuedAt(), age.lastActiveAt()),
                activity.lastSeen(session.kind(), session.id())))
        : Optional.empty();
  }

  private Lifetime lifetime(SessionSnapshot session) {
    if (session.kind() == SessionKind.COMPAT) {
      return config.compat();
    }
    return session.age().ofStaticClient() ? config.staticClients() : config.dynamicClients();
  }

  /// A sign-in begins the life of a browser session anew. A provider may say that it was before
  /// there was the session: that makes it no older.
  Optional<FinishReason> of(BrowserSession session) {
    var begun = later(session.createdAt(), session.authenticatedAt());
    return config.browser().isLimited()
        ? judge(
            config.browser(),
            begun,
            later(
                later(begun, session.lastActiveAt()),
                activity.lastSeen(SessionKind.BROWSER, session.id())))
        : Optional.empty();
  }

  boolean isOn() {
    return lifetimes().anyMatch(Lifetime::isLimited);
  }

  /// The longest that anything may be idle; zero if that is not limited.
  Duration longestIdle() {
    return lifetimes()
        .flatMap(lifetime -> lifetime.idle().stream())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private Stream<Lifetime> lifetimes() {
    return Stream.of(
        config.browser(), config.staticClients(), config.dynamicClients(), config.compat());
  }

  private Optional<FinishReason> judge(Lifetime lifetime, Instant begun, Instant lastSeen) {
    var old = lifetime.absolute().filter(most -> !clock.instant().isBefore(begun.plus(most)));
    if (old.isPresent()) {
      return Optional.of(FinishReason.EXPIRED);
    }
    Optional<Duration> idle =
        lifetime.idle().filter(most -> outages.idleSince(lastSeen).compareTo(most) >= 0);
    return idle.map(_ -> FinishReason.IDLE);
  }

  private static Instant later(Instant a, @Nullable Instant b) {
    return b == null || a.isAfter(b) ? a : b;
  }
}
