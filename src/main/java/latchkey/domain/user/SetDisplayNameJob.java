package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.domain.homeserver.Homeserver;

/// Passes a display name on to the homeserver, where it lives; an empty one takes it away. The name
/// travels in the job because nothing here keeps it.
@Singleton
class SetDisplayNameJob implements JobHandler {
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
    users
        .find(UUID.fromString(ids.getFirst()))
        .ifPresent(
            user -> {
              if (ids.get(1).isEmpty()) {
                homeserver.unsetDisplayName(user.username());
              } else {
                homeserver.setDisplayName(user.username(), ids.get(1));
              }
            });
  }
}
