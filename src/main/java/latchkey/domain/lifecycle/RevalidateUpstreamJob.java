package latchkey.domain.lifecycle;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import latchkey.base.job.RecurringJob;
import latchkey.base.system.Ids;
import latchkey.domain.lifecycle.RevalidateUpstream.Answer.Known;
import latchkey.domain.lifecycle.RevalidateUpstream.Answer.Leaving;
import latchkey.domain.lifecycle.RevalidateUpstream.Answer.Unaskable;
import latchkey.domain.lifecycle.RevalidateUpstream.Answer.Unknown;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLeavingRepository.Due;
import latchkey.domain.upstream.UpstreamRules;
import org.jboss.logging.Logger;

/// Asks providers about everybody whose turn it is (`latchkey.upstream.revalidate`). A provider
/// that is down ends nobody, holds up no other provider, and is told of once.
@Singleton
class RevalidateUpstreamJob implements RecurringJob {
  private static final Logger LOG = Logger.getLogger(RevalidateUpstreamJob.class);

  /// Taken at once: with every answer as late as it may be, a step takes a minute.
  private static final int AT_ONCE = 40;

  /// Asked at the same time.
  private static final int SIDE_BY_SIDE = 8;

  /// Longer than a step takes.
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);

  /// After so many who cannot be asked about, and none who can, the others of a provider wait.
  private static final int ENOUGH = 3;

  private final RevalidateUpstream revalidate;
  private final Providers providers;
  private final UpstreamRules rules;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Set<UUID> inTrouble = ConcurrentHashMap.newKeySet();
  private final Set<UUID> silent = ConcurrentHashMap.newKeySet();

  /// Providers that people are signed in through and that are not there.
  private final Set<UUID> missing = ConcurrentHashMap.newKeySet();

  /// Links of people of whom nobody knows whether they are still there, though their provider
  /// answers.
  private final Set<UUID> unsure = ConcurrentHashMap.newKeySet();

  private final Map<UUID, ExitBrake> brakes = new ConcurrentHashMap<>();
  private final Map<UUID, AtomicInteger> braked = new ConcurrentHashMap<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile Instant lookAgain = Instant.MIN;

  RevalidateUpstreamJob(
      RevalidateUpstream revalidate,
      Providers providers,
      UpstreamRules rules,
      MeterRegistry meters,
      Clock clock) {
    this.revalidate = revalidate;
    this.providers = providers;
    this.rules = rules;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "revalidate-upstream";
  }

  /// A quarter of the interval, so that somebody is out soon after it. While it is off too, so that
  /// turning it on does not wait for a long pause to end.
  @Override
  public Duration pause() {
    var quarter = rules.revalidateEvery().map(interval -> interval.dividedBy(4));
    return quarter.isEmpty() || quarter.get().compareTo(LONGEST_PAUSE) > 0
        ? LONGEST_PAUSE
        : quarter.get().compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : quarter.get();
  }

  @Override
  public boolean step() {
    if (rules.revalidateEvery().isEmpty()) {
      return false;
    }
    if (begun.compareAndSet(false, true)) {
      revalidate.begin(clock.instant());
    }
    tellSilent(clock.instant());
    var due = revalidate.take(clock.instant(), LEASE, AT_ONCE);
    var rounds = new HashMap<UUID, Round>();
    for (var one : due) {
      rounds.computeIfAbsent(one.providerId(), id -> new Round(id, providers.find(id)));
    }
    ask(due, rounds);
    for (var round : rounds.values()) {
      round.letLeave();
      round.tell();
    }
    return due.size() == AT_ONCE;
  }

  /// Once about each provider whose people nobody can ask about.
  private void tellSilent(Instant now) {
    if (now.isBefore(lookAgain)) {
      return;
    }
    lookAgain = now.plus(HOURLY);
    for (var id : revalidate.silent()) {
      var provider = providers.find(id);
      if (provider.isPresent() && silent.add(id)) {
        LOG.warnf(
            "provider %s gives no refresh tokens, so that it cannot be asked who is still there: "
                + "who is gone there stays here. Does its scope have offline_access, and may this client have that? "
                + "Or else latchkey.upstream.revalidate.userinfo",
            Providers.nameOf(provider.get()));
      }
    }
  }

  private AtomicInteger gauge(UUID provider) {
    return braked.computeIfAbsent(
        provider,
        id ->
            meters.gauge(
                "latchkey.upstream.exits.held",
                Tags.of("provider", Ids.text(id)),
                new AtomicInteger()));
  }

  /// In which everybody is asked about.
  private Duration aWhile() {
    return rules.revalidateEvery().orElse(LONGEST_PAUSE).plus(pause());
  }

  private static Round round(Map<UUID, Round> rounds, UUID provider) {
    return Objects.requireNonNull(rounds.get(provider));
  }

  private static void ask(List<Due> due, Map<UUID, Round> rounds) {
    var factory = Thread.ofVirtual().name("revalidate-upstream-", 0).factory();
    // What becomes of one person's sign-ins depends on the others of theirs: one after the other.
    var people = due.stream().collect(Collectors.groupingBy(Due::userId));
    try (var threads = Executors.newFixedThreadPool(SIDE_BY_SIDE, factory)) {
      for (var person : people.values()) {
        threads.execute(() -> person.forEach(one -> round(rounds, one.providerId()).ask(one)));
      }
    }
  }

  /// What one step has to do with one provider.
  private final class Round {
    /// Empty if it is not in the configuration any more, or disabled: nobody can be asked.
    private final Optional<ProviderConfig> provider;

    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger known = new AtomicInteger();
    private final Map<Due, Leaving> leaving = new ConcurrentHashMap<>();
    private final Set<UUID> there = ConcurrentHashMap.newKeySet();
    private final Map<Due, String> strangers = new ConcurrentHashMap<>();
    private final UUID id;
    private final Instant asked = clock.instant();
    private volatile String words = "";

    Round(UUID id, Optional<ProviderConfig> provider) {
      this.id = id;
      this.provider = provider;
    }

    void ask(Due due) {
      try {
        if (provider.isEmpty() || unknown.get() >= ENOUGH && known.get() == 0) {
          revalidate.postpone(due);
          return;
        }
        switch (revalidate.handle(provider.get(), due)) {
          case Known() -> {
            known.incrementAndGet();
            there.add(due.userId());
            unsure.remove(due.linkId());
          }
          case Unknown why -> note(due, why);
          case Unaskable() -> unsure.remove(due.linkId());
          case Leaving why -> {
            known.incrementAndGet();
            leaving.put(due, why);
            unsure.remove(due.linkId());
          }
        }
      } catch (Exception e) {
        // Its turn comes again when the lease is over.
        LOG.warnf("upstream session %s could not be revalidated: %s", due.id(), e);
      }
    }

    private void note(Due due, Unknown why) {
      strangers.put(due, why.words());
      if (why.ofProvider()) {
        unknown.incrementAndGet();
        words = why.words();
      }
    }

    /// Unless too many do at once. Who was gone before does not count again.
    void letLeave() {
      if (provider.isEmpty()) {
        return;
      }
      // Somebody one of whose sessions there is over may be there by another.
      var newly =
          leaving.keySet().stream()
              .filter(due -> !due.gone() && !there.contains(due.userId()))
              .map(Due::userId)
              .collect(Collectors.toSet());
      boolean holds =
          brakes
                  .computeIfAbsent(id, _ -> new ExitBrake(aWhile()))
                  .holds(there, newly, clock.instant())
              && rules.brake();
      tellBrake(holds, newly.size());
      leaving.forEach(
          (due, why) -> {
            try {
              if (holds && !due.gone()) {
                revalidate.postpone(due);
              } else {
                revalidate.leave(provider.get(), due, why, asked);
              }
            } catch (Exception e) {
              LOG.warnf("upstream session %s could not be ended: %s", due.id(), e);
            }
          });
    }

    private void tellBrake(boolean holds, int newly) {
      var name = Providers.nameOf(provider.orElseThrow());
      int before = gauge(id).getAndSet(holds ? 1 : 0);
      if (holds && before == 0) {
        LOG.errorf(
            "provider %s says of most of its people at once that they are gone (%d a moment ago): nobody leaves for now. "
                + "If it is so, set latchkey.upstream.revalidate.brake to false and restart; if the provider "
                + "has lost its sessions, let people sign in there again",
            name, newly);
      } else if (!holds && before == 1) {
        LOG.infof("most people of provider %s are there: who is gone leaves again", name);
      }
    }

    /// Once when it begins, and once when it is over.
    void tell() {
      if (provider.isEmpty()) {
        if (missing.add(id)) {
          LOG.warnf(
              "people signed in or linked an account through provider %s, which is not configured or not enabled: "
                  + "nobody knows who is still there, and so nobody leaves",
              Ids.text(id));
        }
        return;
      }
      missing.remove(id);
      var name = Providers.nameOf(provider.get());
      if (unknown.get() == 0 || known.get() > 0) {
        strangers.forEach((due, why) -> tellStranger(name, due, why));
      }
      if (unknown.get() > 0 && known.get() == 0) {
        if (inTrouble.add(id)) {
          LOG.warnf(
              "nobody knows who is still at provider %s, and so nobody leaves: %s", name, words);
        }
      } else if (known.get() > 0 && inTrouble.remove(id)) {
        LOG.infof("provider %s says again who is still there", name);
      }
    }

    private void tellStranger(String name, Due due, String why) {
      if (unsure.add(due.linkId())) {
        LOG.warnf(
            "nobody knows whether user %s is still at provider %s, and so they stay: %s",
            Ids.text(due.userId()), name, why);
      }
    }
  }
}
