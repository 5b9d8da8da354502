package latchkey.domain.lifecycle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.domain.lifecycle.EndUpstreamSessions.Reach;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.Identity;
import latchkey.domain.upstream.ImportClaims;
import latchkey.domain.upstream.ImportOutcome;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.RevalidateIdentity;
import latchkey.domain.upstream.RevalidateIdentity.Outcome;
import latchkey.domain.upstream.UpstreamLeavingRepository;
import latchkey.domain.upstream.UpstreamLeavingRepository.Due;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.upstream.UpstreamRules.OnGone;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.Users;

/// Asks a provider whether one person who signed in through it is still there, and draws the
/// consequences. The call is made outside of any transaction. Who cannot be asked about stays.
@Singleton
class RevalidateUpstream {
  /// Between two attempts at a provider that does not answer.
  private static final Duration SOON = Duration.ofMinutes(1);

  /// Between two questions about somebody on hold, in the end.
  private static final Duration SELDOM = Duration.ofHours(1);

  private final RevalidateIdentity revalidateIdentity;
  private final UpstreamLeavingRepository leaving;
  private final UpstreamReachRepository reach;
  private final FollowUpstreamRepository accounts;
  private final FollowUpstream followUpstream;
  private final AskUpstreamRules askRules;
  private final EndUpstreamSessions endUpstreamSessions;
  private final HoldUpstreamAccount holdAccount;
  private final Users users;
  private final UpstreamRules rules;
  private final PasswordsConfig passwords;
  private final Clock clock;

  RevalidateUpstream(
      RevalidateIdentity revalidateIdentity,
      UpstreamLeavingRepository leaving,
      UpstreamReachRepository reach,
      FollowUpstreamRepository accounts,
      FollowUpstream followUpstream,
      AskUpstreamRules askRules,
      EndUpstreamSessions endUpstreamSessions,
      HoldUpstreamAccount holdAccount,
      Users users,
      UpstreamRules rules,
      PasswordsConfig passwords,
      Clock clock) {
    this.revalidateIdentity = revalidateIdentity;
    this.leaving = leaving;
    this.reach = reach;
    this.accounts = accounts;
    this.followUpstream = followUpstream;
    this.askRules = askRules;
    this.endUpstreamSessions = endUpstreamSessions;
    this.holdAccount = holdAccount;
    this.users = users;
    this.rules = rules;
    this.passwords = passwords;
    this.clock = clock;
  }

  /// Why nobody knows whether the person is still there; empty if that is known.
  Optional<String> handle(ProviderConfig provider, Due due) throws SQLException {
    if (!matters(due)) {
      inTransaction(() -> leaving.stop(due.id()));
      return Optional.empty();
    }
    return switch (revalidateIdentity.handle(provider, due.refreshToken())) {
      case Outcome.Still(var identity) -> still(provider, due, identity);
      case Outcome.Gone(var reason) -> {
        leave(provider, due, FinishReason.UPSTREAM_GONE, reason);
        yield Optional.empty();
      }
      case Outcome.Unknown(var reason, var refreshToken) -> {
        refreshToken.ifPresentOrElse(token -> keep(due, token), () -> postpone(due));
        yield Optional.of(reason);
      }
    };
  }

  /// What came before that went wrong: the token before is void.
  private void keep(Due due, Secret refreshToken) {
    inTransaction(
        () ->
            leaving.revalidated(
                due.id(), refreshToken, clock.instant().plus(least(interval(), SOON))));
  }

  /// Asks again soon.
  void postpone(Due due) {
    inTransaction(() -> leaving.failed(due.id(), clock.instant().plus(least(interval(), SOON))));
  }

  /// Not where a later sign-in stands in for it.
  private boolean matters(Due due) {
    return due.browserSessionId() != null
        && QuarkusTransaction.requiringNew()
            .call(() -> !reach.current(List.of(due.id())).isEmpty());
  }

  private Optional<String> still(ProviderConfig provider, Due due, Identity identity)
      throws SQLException {
    // The token before may be void by now: first of all the new one is kept.
    inTransaction(
        () ->
            leaving.revalidated(
                due.id(), identity.refreshToken().orElse(null), clock.instant().plus(interval())));
    var claims = identity.claims();
    if (claims.idToken().isPresent() || claims.userinfo().isPresent()) {
      if (!isAboutSamePerson(provider, due, identity)) {
        return Optional.of("it speaks of somebody else than it was asked about");
      }
      var user = users.find(due.userId()).orElseThrow();
      var verdict = askRules.atRevalidation(provider, claims, user);
      if (!verdict.admits()) {
        return verdict.undecided()
            ? Optional.of("a rule could not be asked")
            : refuse(provider, due, verdict.violations());
      }
      inTransaction(
          () -> {
            var link = link(provider, due);
            if (link.isPresent()) {
              followUpstream.atRevalidation(provider, link.get(), user.id(), verdict);
            }
          });
    }
    inTransaction(
        () -> {
          var link = link(provider, due);
          if (link.isPresent()) {
            followUpstream.release(provider, link.get());
          }
        });
    return Optional.empty();
  }

  /// OpenID Connect Core §12.2: `sub` must be what it was.
  private static boolean isAboutSamePerson(ProviderConfig provider, Due due, Identity identity) {
    return switch (ImportClaims.handle(provider.claims().identityOnly(), identity.claims())) {
      case ImportOutcome.Imported imported -> imported.subject().equals(due.subject());
      case ImportOutcome.Refused _ -> false;
    };
  }

  private Optional<UUID> link(ProviderConfig provider, Due due) {
    return accounts.link(provider.id(), due.subject());
  }

  private Optional<String> refuse(ProviderConfig provider, Due due, List<Violation> violations)
      throws SQLException {
    var words = String.join("; ", violations.stream().map(Violation::message).toList());
    leave(provider, due, FinishReason.UPSTREAM_REFUSED, words);
    return Optional.empty();
  }

  private void leave(ProviderConfig provider, Due due, FinishReason reason, String words)
      throws SQLException {
    boolean othersStand =
        QuarkusTransaction.requiringNew()
            .call(() -> reach.isVouchedForOtherwise(due.id(), due.userId()));
    if (rules.onGone() == OnGone.HOLD && othersStand) {
      // The session there is over, and its owner is not gone.
      inTransaction(() -> leaving.stop(due.id()));
      return;
    }
    if (rules.onGone() == OnGone.HOLD) {
      holdAccount.handle(provider, due.subject(), due.userId(), words);
      // They may come back: somebody was disabled by mistake, or for the time of a leave.
      inTransaction(() -> leaving.failed(due.id(), clock.instant().plus(onHold(due.failures()))));
      return;
    }
    endUpstreamSessions.handle(
        new EndUpstreamSessions.Order(
            provider,
            due.userId(),
            List.of(browser(due)),
            othersStand || hasOtherWay(provider, due) ? Reach.SESSIONS : Reach.EVERYTHING,
            reason,
            words));
    inTransaction(() -> leaving.stop(due.id()));
  }

  private boolean hasOtherWay(ProviderConfig provider, Due due) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                reach.hasOtherWay(due.userId(), provider.id(), due.subject(), passwords.enabled()));
  }

  private static UUID browser(Due due) {
    return Objects.requireNonNull(due.browserSessionId());
  }

  private Duration onHold(int failures) {
    return least(interval().multipliedBy(1L << Math.min(failures, 10)), SELDOM);
  }

  private Duration interval() {
    return rules.revalidateEvery().orElse(SELDOM);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private interface Work {
    void run() throws SQLException;
  }

  private static void inTransaction(Work work) {
    QuarkusTransaction.requiringNew()
        .call(
            () -> {
              work.run();
              return true;
            });
  }

  /// Some that are due, of which no other replica takes one within `lease`.
  List<Due> take(Instant now, Duration lease, int limit) {
    return QuarkusTransaction.requiringNew().call(() -> leaving.takeDue(now, lease, limit));
  }

  /// Lets what was begun while this was off be found.
  void begin(Instant now) {
    QuarkusTransaction.requiringNew().call(() -> reach.makeDue(now));
  }
}
