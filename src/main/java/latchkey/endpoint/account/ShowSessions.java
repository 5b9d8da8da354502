package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.base.web.Parameters;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.session.ListedSession;
import latchkey.domain.session.SessionListRepository;
import latchkey.domain.session.SessionWords;
import latchkey.domain.session.SessionsConfig;
import org.jspecify.annotations.Nullable;

/// Shows the sessions of the person who is signed in, one of them, or the question whether all
/// others shall end.
@Singleton
class ShowSessions {
  private static final int PAGE = 50;

  /// The share of the limit that is left when people are warned: a fifth (`pages.md` 11.2).
  private static final long FIFTH = 5;

  private final Door door;
  private final SessionListRepository sessions;
  private final SessionWords words;
  private final SessionsConfig config;

  ShowSessions(
      Door door, SessionListRepository sessions, SessionWords words, SessionsConfig config) {
    this.door = door;
    this.sessions = sessions;
    this.words = words;
    this.config = config;
  }

  /// A page of them.
  ///
  /// @param last the id to go on after; null if there are no more
  private record Some(List<ListedSession> shown, @Nullable String last) {
    static Some none() {
      return new Some(List.of(), null);
    }

    /// @param found one more than a page has, if there are more
    static Some of(List<ListedSession> found) {
      var shown = found.subList(0, Math.min(PAGE, found.size()));
      return new Some(shown, found.size() > PAGE ? Ids.text(shown.getLast().id()) : null);
    }
  }

  /// @param query may name the session to go on after, an app's or a browser's, and how many have
  ///   just ended
  Outcome handleAll(Visit visit, Parameters query) throws SQLException {
    var before = query.find("before").flatMap(Ids::parse).orElse(null);
    var beforeBrowser = query.find("browsers").flatMap(Ids::parse).orElse(null);
    long ended =
        query
            .find("ended")
            .filter(text -> text.matches("[0-9]{1,5}"))
            .map(Long::parseLong)
            .orElse(0L);
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.SESSIONS)),
        (person, frame) -> {
          var user = person.user().id();
          var apps =
              beforeBrowser == null
                  ? Some.of(sessions.clients(user, before, PAGE + 1))
                  : Some.none();
          var browsers =
              before == null
                  ? Some.of(sessions.browsers(user, beforeBrowser, PAGE + 1))
                  : Some.none();
          var counts = sessions.count(user);
          return new Outcome.Show(
              new AccountSessionsPage(
                  frame,
                  door.matrixId(person.user()),
                  beforeBrowser == null
                      ? apps.shown().stream()
                          .map(one -> words.of(one, frame.translation(), null))
                          .toList()
                      : null,
                  apps.last(),
                  browsers.shown().stream()
                      .map(one -> words.of(one, frame.translation(), person.session()))
                      .toList(),
                  browsers.last(),
                  limit(counts.clients()).orElse(null),
                  ended,
                  counts.clients() + counts.browsers() > 1));
        });
  }

  Outcome handleOne(Visit visit, UUID session) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.session(session)),
        (person, frame) ->
            new Outcome.Show(
                new AccountSessionPage(
                    frame,
                    visit.csrf(),
                    words.of(require(person, session), frame.translation(), here(person)))));
  }

  Outcome handleOthers(Visit visit) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.OTHERS)),
        (person, frame) -> {
          var counts = sessions.count(person.user().id());
          return new Outcome.Show(
              new EndOthersPage(
                  frame,
                  visit.csrf(),
                  door.matrixId(person.user()),
                  counts.clients(),
                  counts.browsers() - 1));
        });
  }

  private ListedSession require(Visitor.SignedIn person, UUID session) throws SQLException {
    return sessions.find(person.user().id(), session).orElseThrow(Door::nothing);
  }

  private static @Nullable UUID here(Visitor.SignedIn person) {
    return person.session();
  }

  private Optional<AccountSessionsPage.Limit> limit(long count) {
    return config
        .limit()
        .filter(limit -> limit.threshold().filter(most -> count > most).isEmpty())
        .map(
            limit ->
                new AccountSessionsPage.Limit(
                    count,
                    limit.soft(),
                    count + Math.ceilDiv(limit.soft(), FIFTH) >= limit.soft()));
  }
}
