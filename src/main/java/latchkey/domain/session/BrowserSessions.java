package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.domain.user.UserView;
import latchkey.domain.user.Users;

/// Opens, finds and ends browser sessions.
@Singleton
public class BrowserSessions {
  private static final Duration RECENT = Duration.ofMinutes(15);

  private final BrowserSessionRepository sessions;
  private final Users users;
  private final SessionExpiry expiry;
  private final Activity activity;
  private final Clock clock;
  private final Ids ids;

  BrowserSessions(
      BrowserSessionRepository sessions,
      Users users,
      SessionExpiry expiry,
      Activity activity,
      Clock clock,
      Ids ids) {
    this.sessions = sessions;
    this.users = users;
    this.expiry = expiry;
    this.activity = activity;
    this.clock = clock;
    this.ids = ids;
  }

  /// Whether a proof is not long ago: see [Visitor.SignedIn#isRecent].
  public static boolean isRecent(Instant proof, Instant now) {
    return proof.plus(RECENT).isAfter(now);
  }

  /// Who a browser's cookie stands for (`pages.md` 1.5).
  public sealed interface Visitor {
    record Anonymous() implements Visitor {}

    /// @param authenticatedAt when they last proved who they are
    record SignedIn(UUID session, UserView user, Instant authenticatedAt) implements Visitor {
      /// Whether that is not long ago: what could do harm wants no forgotten browser.
      public boolean isRecent(Instant now) {
        return BrowserSessions.isRecent(authenticatedAt, now);
      }
    }

    /// The session was ended elsewhere, or its time is over.
    record Ended() implements Visitor {}

    /// The account was locked or deactivated meanwhile.
    record Inactive(UserView user) implements Visitor {}
  }

  /// Somebody has just proved who they are in this browser. A session of theirs that is there goes
  /// on with the new proof, and every cookie given out for it before is void: nobody who has a copy
  /// is lifted up along with them. One of somebody else ends.
  ///
  /// @param language they were spoken to in (BCP 47)
  @Transactional
  public HeldSession authenticated(
      Optional<HeldSession> cookie,
      UUID user,
      AuthenticationMethod method,
      Requester requester,
      String language) {
    var now = clock.instant();
    return proven(cookie, user, method, requester, language, Optional.of(now));
  }

  /// A provider vouches for somebody in this browser, who may have signed in there long ago: what
  /// [#authenticated] does, with a proof that is as old as that.
  ///
  /// @param proof when they proved there who they are, if that is known. If not, a session that is
  ///   there keeps the proof it has, and a new one begins now.
  @Transactional
  public HeldSession vouchedFor(
      Optional<HeldSession> cookie,
      UUID user,
      Requester requester,
      String language,
      Optional<Instant> proof) {
    return proven(cookie, user, AuthenticationMethod.UPSTREAM, requester, language, proof);
  }

  private HeldSession proven(
      Optional<HeldSession> cookie,
      UUID user,
      AuthenticationMethod method,
      Requester requester,
      String language,
      Optional<Instant> proof) {
    var now = clock.instant();
    if (cookie.isPresent()) {
      var session = cookie.get().id();
      var renewal = sessions.renew(cookie.get(), user, method, language, proof.orElse(null), now);
      if (renewal.isPresent()) {
        used(session, requester, now);
        return new HeldSession(session, renewal.get());
      }
      sessions.finish(cookie.get(), now);
    }
    var session =
        BrowserSession.open(
            ids.next(now), user, method, requester.userAgent(), language, proof.orElse(now), now);
    sessions.persist(session);
    used(session.id(), requester, now);
    return new HeldSession(session.id(), session.renewal());
  }

  /// Who it is that loads a page or sends a form, which counts as use of the session.
  @Transactional
  public Visitor visitor(Optional<HeldSession> cookie, Requester requester) {
    var session = cookie.flatMap(held -> sessions.findByIdOptional(held.id()));
    if (session.isEmpty() || session.get().renewal() != cookie.orElseThrow().renewal()) {
      return new Visitor.Anonymous();
    }
    var user = users.find(session.get().userId()).orElseThrow();
    if (!user.isActive()) {
      return new Visitor.Inactive(user);
    }
    if (session.get().isFinished()) {
      return new Visitor.Ended();
    }
    if (expiry.of(session.get()).isPresent()) {
      sessions.finish(session.get().id(), clock.instant());
      return new Visitor.Ended();
    }
    used(session.get().id(), requester, clock.instant());
    return new Visitor.SignedIn(session.get().id(), user, session.get().authenticatedAt());
  }

  private void used(UUID session, Requester requester, Instant now) {
    activity.used(SessionKind.BROWSER, session, now, requester.ipAddress(), null);
  }

  /// The language a user signed in with last (BCP 47), if it is known.
  @Transactional
  public Optional<String> languageOf(UUID user) {
    return sessions.lastLanguageOf(user);
  }

  /// Ends one of the user's browser sessions; false if it is not theirs, or had ended.
  @Transactional
  public boolean finishOwn(UUID user, UUID session) {
    return sessions.finishOwn(session, user, clock.instant());
  }

  /// Ends every browser session of the user but this one; answers how many.
  @Transactional
  public int finishOthers(UUID user, UUID session) {
    return sessions.finishOthers(session, user, clock.instant());
  }

  /// Ends every browser session of the user; answers how many.
  @Transactional
  public int finishEvery(UUID user) {
    return sessions.finishEvery(user, clock.instant());
  }

  /// Ends some of the user's browser sessions; answers how many were live.
  @Transactional
  public int finishAll(UUID user, Collection<UUID> some) {
    return some.isEmpty() ? 0 : sessions.finishAll(some, user, clock.instant());
  }

  /// Ends this browser session only; what clients hold goes on. A void cookie ends nothing.
  @Transactional
  public void finish(HeldSession cookie) {
    sessions.finish(cookie, clock.instant());
  }
}
