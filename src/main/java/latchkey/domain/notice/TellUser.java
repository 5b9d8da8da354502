package latchkey.domain.notice;

import jakarta.inject.Singleton;
import java.util.UUID;
import latchkey.base.job.Jobs;
import latchkey.base.mail.Mailer;

/// Has the user of an event told by mail: by a job of the caller's transaction.
@Singleton
public class TellUser {
  private final Jobs jobs;
  private final Mailer mailer;

  TellUser(Jobs jobs, Mailer mailer) {
    this.jobs = jobs;
    this.mailer = mailer;
  }

  public void handle(UUID event) {
    if (mailer.isOn()) {
      jobs.schedule(TellUserJob.KIND, event);
    }
  }
}
