package latchkey.domain.lifecycle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import latchkey.domain.user.UserTurnRepository;
import latchkey.domain.user.Users;

/// Asks a provider whether one person who signed in through it is still there, and lets them leave
/// who are not. The call is made outside of any transaction. Who cannot be asked about stays.
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
  private final UserTurnRepository turns;
  private final Users users;
  private final UpstreamRules rules;
  private final OtherWays otherWays;
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
      UserTurnRepository turns,
      Users users,
      UpstreamRules rules,
      OtherWays otherWays,
      Clock clock) {
    this.revalidateIdentity = revalidateIdentity;
    this.leaving = leaving;
    this.reach = reach;
    this.accounts = accounts;
    this.followUpstream = followUpstream;
    this.askRules = askRules;
    this.endUpstreamSessions = endUpstreamSessions;
    this.holdAccount = holdAccount;
    this.turns = turns;
    this.users = users;
    this.rules = rules;
    this.otherWays = otherWays;
    this.clock = clock;
  }

  /// What came of it.
  sealed interface Answer {
    /// All that was to do is done.
    record Known() implements Answer {}

    /// @param words why nobody knows whether the person is still there
    /// @param ofProvider whether it is likely to be so for its other people too
    record Unknown(String words, boolean ofProvider) implements Answer {}

    /// By this one nobody can be asked any more.
    record Unaskable() implements Answer {}

    /// They are to leave: [#leave], unless too many are.
    ///
    /// @param words why, for an admin
    record Leaving(FinishReason reason, String words) implements Answer {}
  }

  Answer handle(ProviderConfig provider, Due due) throws SQLException {
    if (isReplaced(due) || due.byUserinfo() && !rules.byUserinfo() || hasEnded(due)) {
      inTransaction(() -> leaving.stop(due.id()));
      return new Answer.Unaskable();
    }
    Secret token;
    try {
      token = leaving.token(due);
    } catch (IllegalArgumentException | IllegalStateException _) {
      postpone(due);
      return new Answer.Unknown(
          "what they could be asked about with was stored under another secrets.encryption; it goes "
              + "when they sign in through the provider again",
          false);
    }
    var outcome =
        due.byUserinfo()
            ? revalidateIdentity.byUserinfo(provider, token)
            : revalidateIdentity.handle(provider, token);
    return switch (outcome) {
      case Outcome.Still(var identity) -> still(provider, due, identity);
      case Outcome.Gone _ when hasEnded(due) || stopIfMayHaveEnded(due) -> new Answer.Unaskable();
      case Outcome.Gone(var reason) -> new Answer.Leaving(FinishReason.UPSTREAM_GONE, reason);
      case Outcome.Unknown(var reason, var next) -> {
        next.ifPresentOrElse(it -> keep(due, it), () -> postpone(due));
        yield new Answer.Unknown(reason, true);
      }
    };
  }

  private boolean hasEnded(Due due) {
    return due.until() != null && !clock.instant().isBefore(due.until());
  }

  /// It may be the access token that ended by itself, where nobody knows when it does: if by
  /// another one its owner is there, nobody asks by this one any more, and the answer is true. In
  /// the turn of the user: of two that end at once, one is the last.
  private boolean stopIfMayHaveEnded(Due due) {
    if (!due.byUserinfo() || due.until() != null) {
      return false;
    }
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              turns.take(due.userId());
              boolean isThere = reach.isVouchedForOtherwise(due.id(), false, clock.instant());
              if (isThere) {
                leaving.stop(due.id());
              }
              return isThere;
            });
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

  private boolean isReplaced(Due due) {
    return QuarkusTransaction.requiringNew().call(() -> reach.isReplaced(due.id()));
  }

  private Answer still(ProviderConfig provider, Due due, Identity identity) throws SQLException {
    // The token before may be void by now: first of all the new one is kept.
    inTransaction(
        () ->
            leaving.revalidated(
                due.id(), identity.refreshToken().orElse(null), clock.instant().plus(interval())));
    var claims = identity.claims();
    if (claims.idToken().isPresent() || claims.userinfo().isPresent()) {
      if (!isAboutSamePerson(provider, due, identity)) {
        return new Answer.Unknown("it does not speak of whom it was asked about", false);
      }
      var user = users.find(due.userId()).orElseThrow();
      var verdict = askRules.atRevalidation(provider, claims, user);
      if (!verdict.admits()) {
        return verdict.undecided()
            ? new Answer.Unknown("a rule could not be asked", false)
            : new Answer.Leaving(FinishReason.UPSTREAM_REFUSED, words(verdict.violations()));
      }
      inTransaction(
          () ->
              followUpstream.atRevalidation(
                  provider, due.linkId(), user.id(), verdict, due.linkedOnly()));
    } else if (!due.byUserinfo()) {
      // Userinfo that no rule was asked about takes back nothing of what a rule has said.
      inTransaction(() -> followUpstream.release(provider, due.linkId()));
    }
    return new Answer.Known();
  }

  /// OpenID Connect Core §12.2: `sub` must be what it was.
  private static boolean isAboutSamePerson(ProviderConfig provider, Due due, Identity identity) {
    return switch (ImportClaims.handle(provider.claims().identityOnly(), identity.claims())) {
      case ImportOutcome.Imported imported -> imported.subject().equals(due.subject());
      case ImportOutcome.Refused _ -> false;
    };
  }

  private static String words(List<Violation> violations) {
    return String.join("; ", violations.stream().map(Violation::message).toList());
  }

  /// Somebody is not there any more, or not welcome. In the turn of the user: nobody signs in, and
  /// no other replica lets them leave, between what is looked at and what is done.
  ///
  /// @param asked when the provider was: who has signed in since is there, whatever it said
  void leave(ProviderConfig provider, Due due, Answer.Leaving why, Instant asked)
      throws SQLException {
    inTransaction(
        () -> {
          turns.take(due.userId());
          leaveInTurn(provider, due, why, asked);
        });
  }

  private void leaveInTurn(ProviderConfig provider, Due due, Answer.Leaving why, Instant asked)
      throws SQLException {
    boolean byRules = why.reason() == FinishReason.UPSTREAM_REFUSED;
    if (!leaving.isLive(due, !byRules)) {
      return;
    }
    var browser = due.browserSessionId();
    var since = reach.browsersSince(due.linkId(), asked);
    boolean isOver = !accounts.isOf(due.linkId(), due.userId()) || reach.isReplaced(due.id());
    if (isOver || browser != null && since.contains(browser)) {
      leaving.stop(due.id());
      return;
    }
    boolean isThere =
        !since.isEmpty() || reach.isVouchedForOtherwise(due.id(), byRules, clock.instant());
    if (!isThere) {
      accounts.setGone(due.linkId(), due.userId(), clock.instant());
    }
    if (due.linkedOnly() && letLinkGo(provider, due, why, isThere)) {
      return;
    }
    if (rules.onGone() == OnGone.HOLD) {
      if (isThere) {
        // The session there is over, and its owner is not gone.
        stop(due);
        return;
      }
      holdAccount.handle(provider, due.linkId(), due.userId(), why.words());
      // They may come back: somebody was disabled by mistake, or for the time of a leave. Until
      // then this trip vouches for nobody.
      leaving.failed(due.id(), clock.instant().plus(onHold(due.failures())));
      return;
    }
    if (!isThere) {
      followUpstream.atLeaving(provider, due.linkId(), due.userId());
    }
    // Who linked the account and signed in by it later is gone from there, too.
    var own = browser == null ? List.<UUID>of() : List.of(browser);
    endUpstreamSessions.handle(
        new EndUpstreamSessions.Order(
            provider,
            due.userId(),
            isThere || !due.linkedOnly() ? own : reach.browsersSince(due.linkId(), Instant.EPOCH),
            isThere || otherWays.exist(due.linkId(), due.userId())
                ? Reach.SESSIONS
                : Reach.EVERYTHING,
            why.reason(),
            why.words()));
    stop(due);
  }

  /// Nobody signed in by it, and its owner has another way in: what goes is what it gave. False if
  /// that is not so, or it is this that holds the account: then it is asked until they are back.
  private boolean letLinkGo(ProviderConfig provider, Due due, Answer.Leaving why, boolean isThere)
      throws SQLException {
    boolean holds = !isThere && accounts.held(due.linkId()).isPresent();
    boolean stays = isThere || otherWays.exist(due.linkId(), due.userId());
    if (holds || !stays || !reach.browsersSince(due.linkId(), Instant.EPOCH).isEmpty()) {
      return false;
    }
    if (!isThere) {
      followUpstream.atLeavingLinked(
          provider, due.linkId(), due.userId(), why.reason(), why.words());
    }
    stop(due);
    return true;
  }

  /// The others of this person are asked by at once: which of them are still good is not known. In
  /// the turn of the user, so that two of theirs do not wait for each other.
  private void stop(Due due) {
    leaving.stop(due.id());
    leaving.askNow(due.linkId(), clock.instant());
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

  /// The providers that people are signed in through and that give nothing to ask by.
  List<UUID> silent() {
    return QuarkusTransaction.requiringNew().call(reach::unaskable);
  }

  /// Lets what was begun while this was off be found.
  void begin(Instant now) {
    QuarkusTransaction.requiringNew().call(() -> reach.makeDue(now));
  }
}
