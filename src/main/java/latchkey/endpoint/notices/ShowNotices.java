package latchkey.endpoint.notices;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Page;
import latchkey.domain.notice.Incident;
import latchkey.domain.notice.Incidents;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;

/// Shows what its user has not seen, questions first, or one of them because a mail told of it.
@Singleton
class ShowNotices {
  sealed interface Outcome {
    /// Only its user may see it.
    record LogIn() implements Outcome {}

    /// There is nothing (more) to read.
    record GoOn() implements Outcome {}

    record Show(Page page) implements Outcome {}
  }

  private final BrowserSessions browserSessions;
  private final Incidents incidents;
  private final NoticePages pages;

  ShowNotices(BrowserSessions browserSessions, Incidents incidents, NoticePages pages) {
    this.browserSessions = browserSessions;
    this.incidents = incidents;
    this.pages = pages;
  }

  Outcome handleAll(
      Optional<HeldSession> cookie, Continuation next, Requester requester, String csrf) {
    if (!(browserSessions.visitor(cookie, requester) instanceof Visitor.SignedIn person)) {
      return new Outcome.LogIn();
    }
    var unseen = incidents.unseen(person.user().id());
    if (unseen.isEmpty()) {
      return new Outcome.GoOn();
    }
    var question = unseen.stream().filter(Incident::isQuestion).findFirst();
    return new Outcome.Show(
        question
            .map(asked -> pages.question(asked, person.user(), next, requester, csrf))
            .orElseGet(() -> pages.told(unseen, person.user(), next, requester, csrf)));
  }

  Outcome handleOne(
      UUID event,
      Optional<HeldSession> cookie,
      Continuation next,
      Requester requester,
      String csrf) {
    if (!(browserSessions.visitor(cookie, requester) instanceof Visitor.SignedIn person)) {
      return new Outcome.LogIn();
    }
    var user = person.user();
    var incident = incidents.find(event, user.id()).orElseThrow(ShowNotices::nothing);
    if (!incident.matters()) {
      return new Outcome.GoOn();
    }
    return new Outcome.Show(
        incident.isQuestion()
            ? pages.question(incident, user, next, requester, csrf)
            : pages.told(java.util.List.of(incident), user, next, requester, csrf));
  }

  static DomainProblem nothing() {
    return DomainProblem.of(
        Reason.NOT_FOUND,
        "the event is not one of this user's",
        Message.of("latchkey.notice.nothing"));
  }
}
