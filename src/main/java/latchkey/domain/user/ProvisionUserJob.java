package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Jobs;
import latchkey.base.job.Peer;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import org.jboss.logging.Logger;

/// Tells the homeserver about an account: that it exists, its addresses, whether it is locked. The
/// lease keeps a slow call from overwriting what a later one has told. Of a deactivated account
/// nothing is told, or one the homeserver never knew would come to life there.
@Singleton
class ProvisionUserJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(ProvisionUserJob.class);

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Users users;
  private final UserLease leases;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Jobs jobs;

  ProvisionUserJob(
      Users users, UserLease leases, Homeserver homeserver, HomeserverPeer peer, Jobs jobs) {
    this.users = users;
    this.leases = leases;
    this.homeserver = homeserver;
    this.peer = peer;
    this.jobs = jobs;
  }

  @Override
  public String kind() {
    return UserJobs.PROVISION_USER;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public void run(UUID job, List<String> ids) throws Exception {
    var id = UUID.fromString(ids.getFirst());
    if (users.find(id).isEmpty()) {
      LOG.warnf("user %s is gone, nothing to tell the homeserver", id);
      return;
    }
    leases.holding(
        id,
        PATIENCE,
        () -> {
          var twins = jobs.waitingTwins(UserJobs.PROVISION_USER, id);
          users
              .find(id)
              .filter(user -> !user.deactivated())
              .map(users::account)
              .ifPresent(homeserver::provisionUser);
          jobs.drop(twins);
        });
  }
}
