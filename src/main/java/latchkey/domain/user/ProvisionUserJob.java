package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.domain.homeserver.Homeserver;
import org.jboss.logging.Logger;

/// Tells the homeserver about an account: that it exists, its addresses, whether it is locked.
@Singleton
class ProvisionUserJob implements JobHandler {
  private static final Logger LOG = Logger.getLogger(ProvisionUserJob.class);

  private final Users users;
  private final Homeserver homeserver;

  ProvisionUserJob(Users users, Homeserver homeserver) {
    this.users = users;
    this.homeserver = homeserver;
  }

  @Override
  public String kind() {
    return UserJobs.PROVISION_USER;
  }

  @Override
  public void run(List<String> ids) {
    var id = UUID.fromString(ids.getFirst());
    var user = users.find(id);
    if (user.isEmpty()) {
      LOG.warnf("user %s is gone, nothing to tell the homeserver", id);
      return;
    }
    var account =
        new Homeserver.Account(user.get().username(), users.emails(id), user.get().locked(), null);
    homeserver.provisionUser(account);
  }
}
