package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.session.SessionTokensRepository;

/// The lockstep thief: he rotates first and keeps quiet, so the victim is given the same tokens
/// each time. He shows as two different presenters of one refresh token, generation after
/// generation.
@Singleton
class Suspicion {
  private static final int GENERATIONS = 3;
  private static final Duration TELL_AGAIN = Duration.ofDays(7);

  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final EngineEvents events;
  private final TokensConfig config;

  Suspicion(
      SessionTokensRepository sessions,
      EndSession endSession,
      EngineEvents events,
      TokensConfig config) {
    this.sessions = sessions;
    this.endSession = endSession;
    this.events = events;
    this.config = config;
  }

  /// Notes who asks for a repeat. True if the session was ended for it.
  boolean arises(SessionSnapshot session, Presenter presenter, Instant now) throws SQLException {
    var last = session.lastRotation();
    boolean elsewhere = presenter.isElsewhereThan(last.ipAddress());
    boolean otherAgent = presenter.hasOtherAgentThan(last.userAgent());
    if (!elsewhere && !otherAgent) {
      return false;
    }
    if (!sessions.noteCollision(session.id(), session.generation())) {
      return false;
    }
    if (generationsInARow(session) < GENERATIONS) {
      return false;
    }
    if (sessions.noteSuspicion(session.id(), now, now.minus(TELL_AGAIN))) {
      events.suspected(session, presenter);
    }
    return config.endOnSuspicion()
        && elsewhere
        && otherAgent
        && endSession.handle(session.id(), FinishReason.SUSPICION);
  }

  private static int generationsInARow(SessionSnapshot session) {
    var last = session.lastRotation().collisionGeneration();
    boolean consecutive = last != null && last == session.generation() - 1;
    return consecutive ? session.lastRotation().collisionCount() + 1 : 1;
  }
}
