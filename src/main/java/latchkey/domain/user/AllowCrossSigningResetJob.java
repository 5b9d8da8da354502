package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Peer;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import org.jboss.logging.Logger;

/// Lets a user replace their cross-signing keys, for the ten minutes that the homeserver gives from
/// then on. Whoever asked ten minutes ago waits no more, and a door that opens by itself at night
/// is worse than one that stays shut: then the job is given up, and says so.
@Singleton
class AllowCrossSigningResetJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(AllowCrossSigningResetJob.class);
  private static final Duration PATIENCE = Duration.ofMillis(250);
  static final Duration WORTH = Duration.ofMinutes(10);

  private final Users users;
  private final UserLease leases;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Clock clock;

  AllowCrossSigningResetJob(
      Users users, UserLease leases, Homeserver homeserver, HomeserverPeer peer, Clock clock) {
    this.users = users;
    this.leases = leases;
    this.homeserver = homeserver;
    this.peer = peer;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return UserJobs.ALLOW_CROSS_SIGNING_RESET;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public void run(UUID job, List<String> ids) throws Exception {
    var id = UUID.fromString(ids.getFirst());
    var user = users.find(id);
    if (clock.instant().isAfter(Ids.time(job).plus(WORTH))) {
      LOG.warnf(
          "allowing user %s to reset cross-signing is given up: it was asked for more than %d"
              + " minutes ago",
          Ids.text(id), WORTH.toMinutes());
    } else if (user.filter(UserView::isActive).isPresent()) {
      leases.holding(id, PATIENCE, () -> homeserver.allowCrossSigningReset(user.get().username()));
    }
  }
}
