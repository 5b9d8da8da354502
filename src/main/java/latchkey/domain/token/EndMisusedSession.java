package latchkey.domain.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.UUID;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.token.EngineEvents.Event;

/// Ends a session because somebody used twice what may be used once (RFC 6749 §4.1.2, RFC 9700
/// §4.14.2). The ending and the event that tells of it are one transaction: what nobody can be told
/// of has not happened, and the next attempt finds it again.
@Singleton
public class EndMisusedSession {
  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final EngineEvents events;

  EndMisusedSession(SessionTokensRepository sessions, EndSession endSession, EngineEvents events) {
    this.sessions = sessions;
    this.endSession = endSession;
    this.events = events;
  }

  /// An authorization code came back after it had been exchanged.
  public void handleCode(UUID session, Presenter presenter) throws SQLException {
    var found = sessions.find(session);
    if (found.isPresent()) {
      var reason = FinishReason.CODE_REUSED;
      end(reason, new Event(reason.text(), found.get(), null, presenter));
    }
  }

  /// A refresh token came back after its successor had been used.
  void handleRefreshToken(SessionSnapshot session, long presented, Presenter presenter) {
    var reason = FinishReason.REFRESH_TOKEN_REUSED;
    end(reason, new Event(reason.text(), session, presented, presenter));
  }

  private void end(FinishReason reason, Event event) {
    boolean ended =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  boolean wasLive = endSession.handle(event.session().id(), reason);
                  if (wasLive) {
                    events.record(event);
                  }
                  return wasLive;
                });
    if (ended) {
      events.tell(event);
    }
  }
}
