package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Peer;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;

/// Deactivates an account on the homeserver that was deactivated here, unless it was reactivated
/// meanwhile. The homeserver takes minutes over it, so the lease is held for longer than any other.
@Singleton
class DeactivateUserJob implements JobHandler {
  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final Duration LEASE = Homeserver.SLOWEST.plusMinutes(1);

  private final Users users;
  private final UserLease leases;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;

  DeactivateUserJob(Users users, UserLease leases, Homeserver homeserver, HomeserverPeer peer) {
    this.users = users;
    this.leases = leases;
    this.homeserver = homeserver;
    this.peer = peer;
  }

  @Override
  public String kind() {
    return UserJobs.DEACTIVATE_USER;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public void run(UUID job, List<String> ids) throws Exception {
    var id = UUID.fromString(ids.getFirst());
    boolean erase = Boolean.parseBoolean(ids.get(1));
    if (users.find(id).isPresent()) {
      leases.holdingUntilSettled(
          id,
          PATIENCE,
          LEASE,
          () ->
              users
                  .find(id)
                  .filter(UserView::deactivated)
                  .ifPresent(user -> homeserver.deleteUser(user.username(), erase)));
    }
  }
}
