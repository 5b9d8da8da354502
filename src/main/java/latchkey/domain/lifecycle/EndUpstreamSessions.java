package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import org.jboss.logging.Logger;

/// Ends what one person began by signing in through a provider: browser sessions, and unless only
/// they are meant, the OAuth and compat sessions begun in them, whose devices go by jobs. All in one
/// transaction, with an event that says why. Ending what has ended is no error, and no event.
@Singleton
public class EndUpstreamSessions {
  private static final Logger LOG = Logger.getLogger(EndUpstreamSessions.class);

  private final BrowserSessions browserSessions;
  private final EndSession endSession;
  private final AuditEventRepository audit;

  EndUpstreamSessions(
      BrowserSessions browserSessions, EndSession endSession, AuditEventRepository audit) {
    this.browserSessions = browserSessions;
    this.endSession = endSession;
    this.audit = audit;
  }

  /// What is to end.
  ///
  /// @param browsers of the user
  /// @param browserOnly whether what clients hold goes on
  /// @param words why, for an admin; no claim and no token
  public record Order(
      ProviderConfig provider,
      UUID user,
      Collection<UUID> browsers,
      boolean browserOnly,
      FinishReason reason,
      String words) {}

  /// Answers how many sessions ended.
  @Transactional
  public int handle(Order order) throws SQLException {
    // First of all the turn of the user, which ending sessions takes.
    int sessions =
        order.browserOnly()
            ? 0
            : endSession.handleOfBrowsers(order.user(), order.browsers(), order.reason());
    int browsers = browserSessions.finishAll(order.user(), order.browsers());
    if (sessions + browsers > 0) {
      audit.append(
          order.reason().text(),
          order.user(),
          null,
          null,
          FollowUpstream.by(order.provider())
              .put("reason", order.words())
              .put("browser_sessions_ended", browsers)
              .put("sessions_ended", sessions));
      LOG.infof(
          "user %s leaves through %s (%s: %s): %d browser sessions and %d sessions ended",
          Ids.text(order.user()),
          Providers.nameOf(order.provider()),
          order.reason().text(),
          order.words(),
          browsers,
          sessions);
    }
    return sessions + browsers;
  }
}
