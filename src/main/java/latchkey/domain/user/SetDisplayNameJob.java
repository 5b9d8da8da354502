package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Jobs;
import latchkey.base.job.NotNow;
import latchkey.base.job.Peer;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import latchkey.domain.homeserver.HomeserverProblem;
import org.jboss.logging.Logger;

/// Passes a display name on to the homeserver, where it lives; an empty one takes it away. The name
/// travels in the job because nothing here keeps it; of several the last one counts.
@Singleton
class SetDisplayNameJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(SetDisplayNameJob.class);

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Users users;
  private final UserLease leases;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Jobs jobs;

  SetDisplayNameJob(
      Users users, UserLease leases, Homeserver homeserver, HomeserverPeer peer, Jobs jobs) {
    this.users = users;
    this.leases = leases;
    this.homeserver = homeserver;
    this.peer = peer;
    this.jobs = jobs;
  }

  @Override
  public String kind() {
    return UserJobs.SET_DISPLAY_NAME;
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
      leases.holding(
          id,
          PATIENCE,
          () -> {
            if (!jobs.hasNewer(UserJobs.SET_DISPLAY_NAME, job, id)) {
              if (!jobs.outdo(UserJobs.SET_DISPLAY_NAME, job, id)) {
                throw new Earlier("an earlier name is being told");
              }
              if (jobs.hasEarlier(UserJobs.PROVISION_USER, UserJobs.SET_DISPLAY_NAME, job, id)) {
                throw new Earlier("the account may not be there yet");
              }
              tellOnce(user.get().username(), ids.get(1));
            }
          });
    }
  }

  private static final class Earlier extends NotNow {
    Earlier(String what) {
      super(what);
    }
  }

  private void tellOnce(String localpart, String name) {
    try {
      tell(localpart, name);
    } catch (HomeserverProblem e) {
      // A name it does not take today, too long perhaps, it will not take tomorrow.
      if (e.kind() != HomeserverProblem.Kind.REFUSED) {
        throw e;
      }
      LOG.warnf("a display name is given up: %s", e.getMessage());
    }
  }

  private void tell(String localpart, String name) {
    if (name.isEmpty()) {
      homeserver.unsetDisplayName(localpart);
    } else {
      homeserver.setDisplayName(localpart, name);
    }
  }
}
