package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.job.Jobs;
import latchkey.base.job.Peer;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverPeer;
import latchkey.domain.user.UserLease;
import latchkey.domain.user.Users;

/// Takes a device away from the homeserver, unless a session holds it by now, or one may that this
/// database has lost.
@Singleton
class DeleteDeviceJob implements JobHandler {
  static final String KIND = "delete-device";

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Users users;
  private final UserLease leases;
  private final SessionDevicesRepository devices;
  private final Homeserver homeserver;
  private final HomeserverPeer peer;
  private final Jobs jobs;
  private final Clock clock;

  DeleteDeviceJob(
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
    var device = ids.get(1);
    var user = users.find(id);
    if (user.isPresent()) {
      leases.holdingUntilSettled(
          id,
          PATIENCE,
          () -> {
            var twins = jobs.waitingTwins(KIND, id, device);
            if (!devices.isHeld(id, device, clock.instant())) {
              devices.requireNothingLost();
              homeserver.deleteDevice(user.get().username(), device);
            }
            jobs.drop(twins);
          });
    }
  }
}
