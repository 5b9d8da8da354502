package latchkey.endpoint.notices;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.domain.notice.AnswerSuspicion;
import latchkey.domain.notice.Incidents;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;

/// Takes the forms: somebody has read, or answers. Whoever is not signed in does neither.
@Singleton
class ReadNotices {
  /// What the buttons say.
  enum Answer {
    ME,
    NOT_ME
  }

  private final BrowserSessions browserSessions;
  private final Incidents incidents;
  private final AnswerSuspicion answerSuspicion;

  ReadNotices(
      BrowserSessions browserSessions, Incidents incidents, AnswerSuspicion answerSuspicion) {
    this.browserSessions = browserSessions;
    this.incidents = incidents;
    this.answerSuspicion = answerSuspicion;
  }

  /// @param seen ids of events, with blanks between them
  void handleSeen(Optional<HeldSession> cookie, Requester requester, String seen)
      throws SQLException {
    if (browserSessions.visitor(cookie, requester) instanceof Visitor.SignedIn person) {
      var ids = Arrays.stream(seen.split(" ")).flatMap(id -> Ids.parse(id).stream()).toList();
      incidents.acknowledge(person.user().id(), ids);
    }
  }

  void handleAnswer(Optional<HeldSession> cookie, Requester requester, UUID event, Answer answer)
      throws SQLException {
    if (browserSessions.visitor(cookie, requester) instanceof Visitor.SignedIn person) {
      var incident = incidents.find(event, person.user().id()).orElseThrow(ShowNotices::nothing);
      answerSuspicion.handle(incident, answer == Answer.ME);
    }
  }
}
