package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.UserTurnRepository;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Ends what one person began by signing in through a provider. All in one transaction, with an
/// event that says why; devices go by jobs. Ending what has ended is no error, and no event.
@Singleton
public class EndUpstreamSessions {
  private static final Logger LOG = Logger.getLogger(EndUpstreamSessions.class);

  private final BrowserSessions browserSessions;
  private final EndSession endSession;
  private final UserTurnRepository turns;
  private final UpstreamReachRepository reach;
  private final AuditEventRepository audit;
  private final Clock clock;

  EndUpstreamSessions(
      BrowserSessions browserSessions,
      EndSession endSession,
      UserTurnRepository turns,
      UpstreamReachRepository reach,
      AuditEventRepository audit,
      Clock clock) {
    this.browserSessions = browserSessions;
    this.endSession = endSession;
    this.turns = turns;
    this.reach = reach;
    this.audit = audit;
    this.clock = clock;
  }

  /// How much ends.
  public enum Reach {
    /// The browser sessions.
    BROWSERS,
    /// And the OAuth and compat sessions begun in them.
    SESSIONS,
    /// All the user has, app passwords too: nothing else vouches for them.
    EVERYTHING
  }

  /// What is to end.
  ///
  /// @param browsers of the user
  /// @param words why, for an admin; no claim and no token
  public record Order(
      ProviderConfig provider,
      UUID user,
      Collection<UUID> browsers,
      Reach reach,
      FinishReason reason,
      String words) {}

  /// What ended.
  record Ended(int browsers, int sessions, int appPasswords) {
    boolean isNothing() {
      return browsers + sessions + appPasswords == 0;
    }

    JsonObject into(JsonObject details) {
      return details
          .put("browser_sessions_ended", browsers)
          .put("sessions_ended", sessions)
          .put("app_passwords_revoked", appPasswords);
    }
  }

  /// What was begun through a link ends, because it is taken from its user; the event is the
  /// caller's.
  ///
  /// @param spared a browser session that goes on, the one they sit at; null for none. What clients
  ///   got in it ends
  @Transactional
  Ended handleUnlinked(UUID link, UUID user, @Nullable UUID spared) throws SQLException {
    turns.take(user);
    var begun = reach.browsersOf(link);
    int sessions = endSession.handleOfBrowsers(user, begun, FinishReason.UPSTREAM_UNLINKED);
    var browsers = begun.stream().filter(browser -> !browser.equals(spared)).toList();
    return new Ended(browserSessions.finishAll(user, browsers), sessions, 0);
  }

  /// Answers how many sessions ended.
  @Transactional
  public int handle(Order order) throws SQLException {
    var user = order.user();
    // First of all the turn of the user, which ending sessions takes; then in the order of all.
    turns.take(user);
    boolean everything = order.reach() == Reach.EVERYTHING;
    int passwords = everything ? reach.revokeAppPasswords(user, clock.instant()) : 0;
    int sessions =
        switch (order.reach()) {
          case BROWSERS -> 0;
          case SESSIONS -> endSession.handleOfBrowsers(user, order.browsers(), order.reason());
          case EVERYTHING -> endSession.handleEvery(user, order.reason());
        };
    int browsers =
        everything
            ? browserSessions.finishEvery(user)
            : browserSessions.finishAll(user, order.browsers());
    var ended = new Ended(browsers, sessions, passwords);
    if (!ended.isNothing()) {
      audit.append(
          order.reason().text(),
          order.user(),
          null,
          null,
          ended.into(ProviderEvents.details(order.provider()).put("reason", order.words())));
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
