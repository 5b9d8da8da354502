package latchkey.domain.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
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

  /// What came of it.
  private record Consequence(boolean told, boolean ended) {
    static final Consequence NONE = new Consequence(false, false);
  }

  /// Notes who asks for a repeat. True if the session was ended for it.
  boolean arises(SessionSnapshot session, Presenter presenter, Instant now) {
    var last = session.lastRotation();
    boolean elsewhere = presenter.isElsewhereThan(last.ipAddress());
    boolean otherAgent = presenter.hasOtherAgentThan(last.userAgent());
    if (!elsewhere && !otherAgent) {
      return false;
    }
    boolean end = config.endOnSuspicion() && elsewhere && otherAgent;
    var event = EngineEvents.Event.suspected(session, presenter);
    // One transaction: an event that is not stored must not count as told.
    var consequence = QuarkusTransaction.requiringNew().call(() -> weigh(event, end, now));
    if (consequence.told()) {
      events.tell(event);
    }
    return consequence.ended();
  }

  private Consequence weigh(EngineEvents.Event event, boolean end, Instant now)
      throws SQLException {
    var session = event.session();
    boolean isNews = sessions.noteCollision(session.id(), session.generation());
    if (!isNews || generationsInARow(session) < GENERATIONS) {
      return Consequence.NONE;
    }
    boolean ended = end && endSession.handle(session.id(), FinishReason.SUSPICION);
    boolean told = sessions.noteSuspicion(session.id(), now, now.minus(TELL_AGAIN)) || ended;
    if (told) {
      events.record(event);
    }
    return new Consequence(told, ended);
  }

  private static int generationsInARow(SessionSnapshot session) {
    var last = session.lastRotation().collisionGeneration();
    boolean consecutive = last != null && last == session.generation() - 1;
    return consecutive ? session.lastRotation().collisionCount() + 1 : 1;
  }
}
