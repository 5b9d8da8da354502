package latchkey.domain.notice;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobHandler;
import latchkey.base.mail.MailProblem;
import latchkey.base.mail.Mailbox;
import latchkey.base.mail.Mailer;
import latchkey.domain.notice.Incident.Kind;
import latchkey.domain.user.UserView;
import latchkey.domain.user.Users;
import org.jboss.logging.Logger;

/// Mails the user of an incident, to every address they have. Whoever has none reads of it at their
/// next sign-in.
@Singleton
class TellUserJob implements JobHandler {
  static final String KIND = "tell-user";

  private static final Logger LOG = Logger.getLogger(TellUserJob.class);

  /// RFC 5321 §4.5.4.1.
  private static final Duration GIVE_UP = Duration.ofDays(5);

  private final IncidentRepository incidents;
  private final Users users;
  private final IncidentMails mails;
  private final Mailer mailer;
  private final Clock clock;

  TellUserJob(
      IncidentRepository incidents, Users users, IncidentMails mails, Mailer mailer, Clock clock) {
    this.incidents = incidents;
    this.users = users;
    this.mails = mails;
    this.mailer = mailer;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// RFC 5321 §4.5.4.1.
  @Override
  public Duration longestPause() {
    return Duration.ofHours(2);
  }

  @Override
  public void run(UUID job, List<String> ids) throws SQLException {
    var incident = incidents.find(UUID.fromString(ids.getFirst()));
    var user = incident.flatMap(known -> users.find(known.user()));
    if (incident.isPresent() && user.isPresent() && isWorthAMail(incident.get(), user.get())) {
      tell(incident.get(), user.get());
    }
  }

  private boolean isWorthAMail(Incident incident, UserView user) {
    boolean answeredBefore = incident.kind() == Kind.SUSPICION && incident.answered();
    if (user.deactivated() || answeredBefore || !incident.matters()) {
      return false;
    }
    if (incident.at().plus(GIVE_UP).isBefore(clock.instant())) {
      LOG.warnf("nobody took the mail about event %s for %d days", incident.id(), GIVE_UP.toDays());
      return false;
    }
    return true;
  }

  private void tell(Incident incident, UserView user) {
    var to =
        users.emails(user.id()).stream()
            .flatMap(address -> Mailbox.parse(address).stream())
            .map(mailbox -> new Mailbox(user.username(), mailbox.address()))
            .toList();
    if (to.isEmpty()) {
      return;
    }
    try {
      mailer.send(mails.of(incident, user, to));
    } catch (MailProblem e) {
      if (!e.isForGood()) {
        throw e;
      }
      LOG.warnf(
          "the mail about event %s has nowhere to go and is dropped: %s",
          incident.id(), e.getMessage());
    }
  }
}
