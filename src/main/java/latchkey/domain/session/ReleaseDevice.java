package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.util.UUID;
import latchkey.base.job.Jobs;

/// Lets go of a device: a job of the caller's transaction takes it away from the homeserver, unless
/// a session holds it by then.
@Singleton
public class ReleaseDevice {
  private final Jobs jobs;

  ReleaseDevice(Jobs jobs) {
    this.jobs = jobs;
  }

  public void handle(UUID user, String device) {
    jobs.schedule(DeleteDeviceJob.KIND, user, device);
  }
}
