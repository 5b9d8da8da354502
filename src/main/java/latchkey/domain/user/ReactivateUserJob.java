package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Jobs;
import latchkey.base.job.Peer;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import latchkey.domain.homeserver.HomeserverProblem;
import org.jboss.logging.Logger;

/// Brings an account back: on the homeserver first, then here, so that nobody signs in to what is
/// not there yet. A deactivation that is younger than this job has the last word; one of the same
/// millisecond is one it was asked for after, as whoever asks has seen it.
@Singleton
class ReactivateUserJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(ReactivateUserJob.class);

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Users users;
  private final UserStateRepository states;
  private final UserLease leases;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Jobs jobs;

  ReactivateUserJob(
      Users users,
      UserStateRepository states,
      UserLease leases,
      Homeserver homeserver,
      HomeserverPeer peer,
      Jobs jobs) {
    this.users = users;
    this.states = states;
    this.leases = leases;
    this.homeserver = homeserver;
    this.peer = peer;
    this.jobs = jobs;
  }

  @Override
  public String kind() {
    return UserJobs.REACTIVATE_USER;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public void run(UUID job, List<String> ids) throws Exception {
    var id = UUID.fromString(ids.getFirst());
    var user = users.find(id);
    if (user.isPresent()) {
      leases.holding(id, PATIENCE, () -> reactivate(job, user.get()));
    }
  }

  private void reactivate(UUID job, UserView user) throws SQLException {
    var asked = Ids.time(job);
    if (!states.wasDeactivatedBy(user.id(), asked)) {
      LOG.warnf(
          "user %s is not reactivated: it is active, or was deactivated after that was asked for",
          user.id());
      return;
    }
    try {
      homeserver.reactivateUser(user.username());
    } catch (HomeserverProblem e) {
      // Nobody to bring back, so somebody new.
      if (e.kind() != HomeserverProblem.Kind.NOT_FOUND) {
        throw e;
      }
      homeserver.provisionUser(users.account(user));
    }
    // Waits for our lease, and by then finds an account that is active.
    jobs.schedule(UserJobs.PROVISION_USER, user.id());
    states.reactivate(user.id(), asked);
  }
}
