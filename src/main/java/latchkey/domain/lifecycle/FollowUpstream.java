package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.policy.UpstreamVerdict;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.Claims;
import latchkey.domain.upstream.ImportClaims;
import latchkey.domain.upstream.ImportOutcome;
import latchkey.domain.upstream.ImportOutcome.Attribute;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.upstream.UpstreamRules.Resync;
import latchkey.domain.user.UserJobs;
import latchkey.domain.user.UserTurnRepository;
import org.jboss.logging.Logger;

/// Brings an account up to date with what a provider says of its owner, as far as
/// `latchkey.upstream.resync` wants that; the homeserver hears of it by jobs. Also gives it its
/// first rights, where it was just made or linked, and ends a hold: whoever signs in is there.
@Singleton
public class FollowUpstream {
  private static final Logger LOG = Logger.getLogger(FollowUpstream.class);

  private final FollowUpstreamRepository accounts;
  private final FitClaims fitClaims;
  private final UserTurnRepository turns;
  private final UpstreamRules rules;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;
  private final Ids ids;

  FollowUpstream(
      FollowUpstreamRepository accounts,
      FitClaims fitClaims,
      UserTurnRepository turns,
      UpstreamRules rules,
      Jobs jobs,
      AuditEventRepository audit,
      Clock clock,
      Ids ids) {
    this.accounts = accounts;
    this.fitClaims = fitClaims;
    this.turns = turns;
    this.rules = rules;
    this.jobs = jobs;
    this.audit = audit;
    this.clock = clock;
    this.ids = ids;
  }

  /// Somebody signs in to an account that is theirs already. Display name and address follow
  /// whatever `claims_imports` does not ignore. False if the link is theirs no more.
  @Transactional
  public boolean atLogin(
      ProviderConfig provider, UUID link, UUID user, Claims claims, UpstreamVerdict verdict)
      throws SQLException {
    if (!atRevalidation(provider, link, user, verdict, false)) {
      return false;
    }
    if (ImportClaims.handle(provider.claims(), claims) instanceof ImportOutcome.Imported imported) {
      if (rules.resync().contains(Resync.DISPLAYNAME)) {
        imported
            .displayname()
            .value()
            .map(FitClaims::displayName)
            .filter(name -> !name.isBlank())
            .ifPresent(name -> jobs.schedule(UserJobs.SET_DISPLAY_NAME, user, name));
      }
      if (rules.resync().contains(Resync.EMAIL)) {
        follow(provider, link, user, imported.email());
      }
    }
    return true;
  }

  /// An account was just made for somebody, or tied to them: the rules say what they may be,
  /// whatever `resync` says. Nothing that the account has is taken from it.
  ///
  /// @param email the address it was given, which follows the provider from now on; empty for none
  @Transactional
  public void atFirst(
      ProviderConfig provider,
      UUID link,
      UUID user,
      Optional<String> email,
      UpstreamVerdict verdict)
      throws SQLException {
    give(provider, link, user, verdict);
    if (email.isPresent() && rules.resync().contains(Resync.EMAIL)) {
      accounts.setEmail(link, user, email.get(), ids.next(clock.instant()), clock.instant());
    }
  }

  private void give(ProviderConfig provider, UUID link, UUID user, UpstreamVerdict verdict)
      throws SQLException {
    turns.take(user);
    accounts.setScopes(link, user, verdict.scopes());
    if (verdict.admin().orElse(false)) {
      admin(provider, link, user, true);
    }
  }

  /// Somebody is gone: what they were by this link they are no more.
  @Transactional
  void atLeaving(ProviderConfig provider, UUID link, UUID user) throws SQLException {
    turns.take(user);
    if (accounts.isOf(link, user)) {
      withdrawAdmin(provider, link, user);
      accounts.setScopes(link, user, List.of());
    }
  }

  /// Somebody is gone who never signed in by this link, and stays by another way: what it gave
  /// goes, and nothing else.
  ///
  /// @param reason why, as of a session that ends
  /// @param words the same, for an admin
  @Transactional
  void atLeavingLinked(
      ProviderConfig provider, UUID link, UUID user, FinishReason reason, String words)
      throws SQLException {
    atLeaving(provider, link, user);
    audit.append(
        reason.text(), user, null, null, ProviderEvents.details(provider).put("reason", words));
    LOG.infof(
        "user %s is gone at %s, by which they never signed in (%s: %s): what it gave them is taken back",
        Ids.text(user), Providers.nameOf(provider), reason.text(), words);
  }

  /// Somebody is still there, or there again. What they may be follows their groups, if it is to.
  /// False if the link is theirs no more, and then nothing changes.
  ///
  /// @param linkedOnly whether they never signed in by it: then it takes no right that it has not
  ///   given
  @Transactional
  boolean atRevalidation(
      ProviderConfig provider, UUID link, UUID user, UpstreamVerdict verdict, boolean linkedOnly)
      throws SQLException {
    // The user comes before their links, as everywhere. Who takes the link away at this moment ends
    // what came by it before, or is seen to have.
    turns.take(user);
    if (!accounts.isOf(link, user)) {
      return false;
    }
    if (release(provider, link)) {
      // What they could not keep while they were gone they have again, as at first.
      give(provider, link, user, verdict);
    }
    if (rules.resync().contains(Resync.GROUPS)) {
      accounts.setScopes(link, user, verdict.scopes());
      boolean isNone = !verdict.admin().orElse(true);
      if (isNone && linkedOnly) {
        withdrawAdmin(provider, link, user);
      } else if (verdict.admin().isPresent()) {
        admin(provider, link, user, verdict.admin().get());
      }
    }
    return true;
  }

  private void withdrawAdmin(ProviderConfig provider, UUID link, UUID user) throws SQLException {
    if (accounts.withdrawAdmin(link)) {
      audit.append("admin_withdrawn", user, null, null, ProviderEvents.details(provider));
    }
  }

  private void admin(ProviderConfig provider, UUID link, UUID user, boolean admin)
      throws SQLException {
    if (admin ? accounts.giveAdmin(link, user) : accounts.takeAdmin(user)) {
      var kind = admin ? "admin_granted" : "admin_withdrawn";
      audit.append(kind, user, null, null, ProviderEvents.details(provider));
    }
  }

  /// The provider knows the user of a link, again or still: the hold of that link ends, and no
  /// other lock. True if they were gone before.
  @Transactional
  public boolean release(ProviderConfig provider, UUID link) throws SQLException {
    var held = accounts.held(link);
    if (held.isEmpty()) {
      return accounts.setBack(link);
    }
    // An admin who locks the account just now is waited for.
    turns.take(held.get());
    var user = accounts.release(link);
    if (user.isPresent()) {
      jobs.schedule(UserJobs.PROVISION_USER, user.get());
      audit.append("upstream_hold_ended", user.get(), null, null, ProviderEvents.details(provider));
    }
    return accounts.setBack(link);
  }

  /// An address that nobody has to take is theirs only if they took it.
  private void follow(ProviderConfig provider, UUID link, UUID user, Attribute email)
      throws SQLException {
    var before = accounts.email(link);
    if (email.value().isEmpty() || before.isEmpty() && !email.isFixed()) {
      return;
    }
    var address = email.value().get();
    if (!address.equals(before.orElse(null)) && !fitClaims.isFitAddress(user, address)) {
      LOG.warnf(
          "the address that %s gives for user %s is none, or against policies/register: the one before stays",
          Providers.nameOf(provider), Ids.text(user));
      audit.append("upstream_email_unfit", user, null, null, ProviderEvents.details(provider));
      return;
    }
    var now = clock.instant();
    switch (accounts.setEmail(link, user, address, ids.next(now), now)) {
      case UNCHANGED -> {}
      case CHANGED -> {
        jobs.schedule(UserJobs.PROVISION_USER, user);
        audit.append("upstream_email_changed", user, null, null, ProviderEvents.details(provider));
      }
      case TAKEN -> {
        LOG.warnf(
            "the address that %s gives for user %s is another account's, and stays so",
            Providers.nameOf(provider), Ids.text(user));
        audit.append("upstream_email_taken", user, null, null, ProviderEvents.details(provider));
      }
    }
  }
}
