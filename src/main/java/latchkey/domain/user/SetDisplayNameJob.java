package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverProblem;
import org.jboss.logging.Logger;

/// Passes a display name on to the homeserver, where it lives; an empty one takes it away. The name
/// travels in the job because nothing here keeps it.
@Singleton
class SetDisplayNameJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(SetDisplayNameJob.class);

  private final Users users;
  private final Homeserver homeserver;

  SetDisplayNameJob(Users users, Homeserver homeserver) {
    this.users = users;
    this.homeserver = homeserver;
  }

  @Override
  public String kind() {
    return UserJobs.SET_DISPLAY_NAME;
  }

  @Override
  public void run(List<String> ids) {
    var user = users.find(UUID.fromString(ids.getFirst()));
    if (user.isEmpty()) {
      return;
    }
    try {
      tell(user.get().username(), ids.get(1));
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
