package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Jobs;
import latchkey.base.job.Peer;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.user.UserLease;
import latchkey.domain.user.Users;

/// Repairs a user's device list on the homeserver: exactly the devices that sessions hold. It
/// removes what it does not know, so it waits while this database is known to have lost sessions.
@Singleton
public class SyncDevicesJob implements JobHandler {
  public static final String KIND = "sync-devices";

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Users users;
  private final UserLease leases;
  private final SessionDevicesRepository devices;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Jobs jobs;
  private final Clock clock;

  SyncDevicesJob(
      Users users,
      UserLease leases,
      SessionDevicesRepository devices,
      Homeserver homeserver,
      HomeserverPeer peer,
      Jobs jobs,
      Clock clock) {
    this.users = users;
    this.leases = leases;
    this.devices = devices;
    this.homeserver = homeserver;
    this.peer = peer;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public void run(UUID job, List<String> ids) throws Exception {
    var id = UUID.fromString(ids.getFirst());
    devices.requireNothingLost();
    var user = users.find(id);
    if (user.isPresent()) {
      leases.holdingUntilSettled(
          id,
          PATIENCE,
          () -> {
            var twins = jobs.waitingTwins(KIND, id);
            sync(user.get().username(), devices.devices(id, clock.instant()));
            jobs.drop(twins);
          });
    }
  }

  private void sync(String localpart, Collection<String> held) {
    try {
      homeserver.syncDevices(localpart, held);
    } catch (HomeserverProblem e) {
      // Whom it does not know has no device either.
      if (e.kind() != HomeserverProblem.Kind.NOT_FOUND || !held.isEmpty()) {
        throw e;
      }
    }
  }
}
