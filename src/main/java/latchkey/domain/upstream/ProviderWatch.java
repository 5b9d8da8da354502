package latchkey.domain.upstream;

import com.nimbusds.jose.jwk.JWKSet;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import latchkey.domain.upstream.ProviderProblem.Kind;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What is known of each provider, its metadata and keys: fetched at start and every 15 minutes,
/// and again when somebody needs one that was not there. One that is down keeps nobody waiting but
/// those who want to it.
@Singleton
public class ProviderWatch {
  private static final Logger LOG = Logger.getLogger(ProviderWatch.class);
  private static final Duration FRESH = Duration.ofMinutes(15);

  /// One that is down is asked again after 5 seconds, then 10, 20 and so on, but no later than
  /// this.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

  /// Keys nobody knows may be new ones; anybody can name such a key.
  private static final Duration BETWEEN_KEYS = Duration.ofSeconds(30);

  /// Many people may click at once.
  private static final Duration BETWEEN_CLICKS = Duration.ofSeconds(2);

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("provider").start(task);

  /// How one was when it was asked last.
  public sealed interface State {
    /// Also before it was first asked.
    record Reachable() implements State {}

    /// @param words why, for an admin
    record Unreachable(String words, Instant since) implements State {}
  }

  /// @param name see [Providers#nameOf]
  public record Watched(UUID provider, String name, State state) {}

  /// The last there were.
  private static final class Keys {
    private final JWKSet set;

    private Keys(JWKSet set) {
      this.set = set;
    }
  }

  /// @param metadata the last there were; null if there never were
  /// @param askedAt when it was asked last, for whatever
  /// @param failures in a row
  private record Seen(
      ProviderConfig provider,
      @Nullable ProviderMetadata metadata,
      Keys keys,
      State state,
      Instant askedAt,
      int failures) {
    static Seen nothing(ProviderConfig provider) {
      return new Seen(
          provider, null, new Keys(new JWKSet()), new State.Reachable(), Instant.EPOCH, 0);
    }

    boolean isDown() {
      return state instanceof State.Unreachable;
    }

    Instant next() {
      return askedAt.plus(isDown() ? pause() : FRESH);
    }

    private Duration pause() {
      var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
      return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /// When a provider was asked last because a key was missing. What was asked for otherwise does
  /// not count: keys may change right after it.
  private record Missed(Instant at, CompletableFuture<Seen> asking) {}

  private final Providers providers;
  private final AskMetadata ask;
  private final Clock clock;
  private final Map<UUID, Seen> seen = new ConcurrentHashMap<>();
  private final Map<UUID, CompletableFuture<Seen>> underWay = new ConcurrentHashMap<>();
  private final Map<UUID, Missed> missed = new ConcurrentHashMap<>();

  ProviderWatch(Providers providers, AskMetadata ask, Clock clock) {
    this.providers = providers;
    this.ask = ask;
    this.clock = clock;
  }

  /// All there are, in the order of the configuration.
  public List<Watched> all() {
    return providers.all().stream()
        .map(
            provider ->
                new Watched(provider.id(), Providers.nameOf(provider), seenOf(provider).state))
        .toList();
  }

  /// Why nobody can sign in through it now, in words for an admin; empty if all is well.
  public Optional<String> trouble(UUID provider) {
    var last = seen.get(provider);
    return last != null && last.state instanceof State.Unreachable(var words, _)
        ? Optional.of(words)
        : Optional.empty();
  }

  /// Asks all that are due, each in a thread of its own.
  void askDue() {
    var now = clock.instant();
    for (var provider : providers.all()) {
      if (!now.isBefore(seenOf(provider).next())) {
        var _ = asking(provider, Duration.ZERO);
      }
    }
  }

  /// Whether nobody is being asked right now.
  boolean isIdle() {
    return underWay.isEmpty();
  }

  /// What is known; one that was down is asked again.
  ///
  /// @throws ProviderProblem if it is down still
  ProviderMetadata require(ProviderConfig provider) {
    var last = seenOf(provider);
    if (last.metadata == null || last.isDown()) {
      last = join(asking(provider, BETWEEN_CLICKS));
    }
    var metadata = last.metadata;
    if (metadata == null || last.state instanceof State.Unreachable) {
      var words = last.state instanceof State.Unreachable(var why, _) ? why : "it was not asked";
      throw new ProviderProblem(provider, new Kind.Unavailable(words));
    }
    return metadata;
  }

  /// What is known, even if it is down now; asked for if nothing is. For who has been there
  /// already: the code they bring is worth a try.
  ///
  /// @throws ProviderProblem if nothing is known, and it is down
  ProviderMetadata knownOrAsked(ProviderConfig provider) {
    return known(provider).orElseGet(() -> require(provider));
  }

  /// What is known without asking.
  Optional<ProviderMetadata> known(ProviderConfig provider) {
    return Optional.ofNullable(seenOf(provider).metadata);
  }

  /// Its keys; asked for anew if none of those that are known will do, but not again and again.
  ///
  /// @throws ProviderProblem if it is down, and those that are known will not do
  JWKSet keys(ProviderConfig provider, Predicate<JWKSet> suffices) {
    knownOrAsked(provider);
    var known = seenOf(provider).keys.set;
    if (suffices.test(known)) {
      return known;
    }
    // Whoever asks already may have begun before the keys changed.
    var running = underWay.get(provider.id());
    if (running == null || !suffices.test(join(running).keys.set)) {
      join(missed(provider).asking);
    }
    var last = seenOf(provider);
    if (last.state instanceof State.Unreachable(var words, _) && !suffices.test(last.keys.set)) {
      throw new ProviderProblem(provider, new Kind.Unavailable(words));
    }
    return last.keys.set;
  }

  /// A call to it failed otherwise: if it is not there, whoever comes next finds out whether it is
  /// again. That it does not like one call is nobody else's trouble.
  void heard(ProviderProblem problem, ProviderConfig provider) {
    if (problem.isOutage() && problem.kind() instanceof Kind.Unavailable(var words)) {
      change(provider, last -> down(last, words));
    }
  }

  /// Asks because a key was missing, unless that was done a moment ago: then it is that answer.
  private Missed missed(ProviderConfig provider) {
    var now = clock.instant();
    return missed.compute(
        provider.id(),
        (_, before) ->
            before != null && now.isBefore(before.at.plus(BETWEEN_KEYS))
                ? before
                : new Missed(now, asking(provider, Duration.ZERO)));
  }

  private Seen seenOf(ProviderConfig provider) {
    var last = seen.get(provider.id());
    return last == null || last.provider != provider ? Seen.nothing(provider) : last;
  }

  /// Asks, or waits with whoever does already.
  private CompletableFuture<Seen> asking(ProviderConfig provider, Duration pause) {
    return underWay.computeIfAbsent(
        provider.id(), _ -> CompletableFuture.supplyAsync(() -> asked(provider, pause), VIRTUAL));
  }

  private static Seen join(CompletableFuture<Seen> asking) {
    try {
      return asking.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a provider could not be asked", e);
    }
  }

  private Seen asked(ProviderConfig provider, Duration pause) {
    try {
      var last = seenOf(provider);
      if (last.failures > 0 && clock.instant().isBefore(last.askedAt.plus(pause))) {
        return last;
      }
      try {
        var metadata = ask.metadata(provider);
        var keys = ask.keys(provider, metadata);
        return change(provider, before -> up(before, metadata, keys));
      } catch (ProviderProblem problem) {
        return change(provider, before -> down(before, words(problem)));
      } catch (RuntimeException | StackOverflowError e) {
        // Whatever a stranger's document makes of a parser.
        LOG.errorf(e, "provider %s could not be asked", Providers.nameOf(provider));
        return change(provider, before -> down(before, "what it says cannot be read"));
      }
    } finally {
      underWay.remove(provider.id());
    }
  }

  static String words(ProviderProblem problem) {
    return switch (problem.kind()) {
      case Kind.Unavailable(var words) -> words;
      case Kind.Untrusted(var reason) -> reason;
      case Kind.Refused(var error, _) -> "it answers " + error;
    };
  }

  private interface Change {
    Seen of(Seen before);
  }

  private Seen change(ProviderConfig provider, Change change) {
    return seen.compute(
        provider.id(),
        (_, before) ->
            change.of(
                before == null || before.provider != provider ? Seen.nothing(provider) : before));
  }

  private Seen up(Seen before, ProviderMetadata metadata, JWKSet keys) {
    if (before.isDown()) {
      LOG.infof("provider %s answers again", Providers.nameOf(before.provider));
    }
    var now = clock.instant();
    return new Seen(before.provider, metadata, new Keys(keys), new State.Reachable(), now, 0);
  }

  private Seen down(Seen before, String words) {
    var now = clock.instant();
    if (!before.isDown()) {
      LOG.warnf(
          "provider %s: %s; nobody signs in through it until that is mended",
          Providers.nameOf(before.provider), words);
    }
    var since = before.state instanceof State.Unreachable(_, var then) ? then : now;
    return new Seen(
        before.provider,
        before.metadata,
        before.keys,
        new State.Unreachable(words, since),
        now,
        before.failures + 1);
  }
}
