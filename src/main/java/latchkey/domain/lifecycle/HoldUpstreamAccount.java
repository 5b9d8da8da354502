package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.UserJobs;
import org.jboss.logging.Logger;

/// Locks the account of somebody whom their provider does not know any more, so that they lose
/// nothing if it was a mistake: no token of theirs works, and no device goes. [FollowUpstream] ends
/// it when the provider knows them again. An account that is locked already stays as it is.
@Singleton
class HoldUpstreamAccount {
  private static final Logger LOG = Logger.getLogger(HoldUpstreamAccount.class);

  private final FollowUpstreamRepository accounts;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;

  HoldUpstreamAccount(
      FollowUpstreamRepository accounts, Jobs jobs, AuditEventRepository audit, Clock clock) {
    this.accounts = accounts;
    this.jobs = jobs;
    this.audit = audit;
    this.clock = clock;
  }

  /// @param words why, for an admin
  @Transactional
  public void handle(ProviderConfig provider, UUID link, UUID user, String words)
      throws SQLException {
    if (accounts.hold(link, user, clock.instant())) {
      jobs.schedule(UserJobs.PROVISION_USER, user);
      audit.append(
          "upstream_held", user, null, null, ProviderEvents.details(provider).put("reason", words));
      LOG.infof(
          "user %s is locked until %s knows them again: %s",
          Ids.text(user), Providers.nameOf(provider), words);
    }
  }
}
