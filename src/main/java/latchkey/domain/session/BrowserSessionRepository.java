package latchkey.domain.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.HeldSession;
import org.jspecify.annotations.Nullable;

/// The table `browser_sessions`.
@Singleton
class BrowserSessionRepository implements PanacheRepositoryBase<BrowserSession, UUID> {
  /// The two of a doubled form are not further apart.
  private static final Duration SENT_TWICE = Duration.ofSeconds(30);

  /// Deletes some of those that ended before then and that nothing refers to any more; answers how
  /// many.
  int deleteFinished(Instant before, int limit) {
    return getEntityManager()
        .createNativeQuery(
            """
            delete from latchkey.browser_sessions where id in (
              select b.id from latchkey.browser_sessions b
               where b.finished_at < :before
                 and not exists (select from latchkey.oauth_sessions s where s.browser_session_id = b.id)
                 and not exists (select from latchkey.authorization_grants g where g.browser_session_id = b.id)
               order by b.finished_at limit :limit for update skip locked)
            """)
        .setParameter("before", before)
        .setParameter("limit", limit)
        .executeUpdate();
  }

  /// Forgets where some sessions were last seen, of those unused since then; answers how many.
  int forgetAddresses(Instant unusedSince, int limit) {
    return getEntityManager()
        .createNativeQuery(
            """
            update latchkey.browser_sessions set last_active_ip = null where id in (
              select id from latchkey.browser_sessions
               where last_active_at < :since and last_active_ip is not null limit :limit for update skip locked)
            """)
        .setParameter("since", unusedSince)
        .setParameter("limit", limit)
        .executeUpdate();
  }

  /// The user of a session has proved once more who they are; answers what its cookie has to say
  /// from now on, nothing if it is somebody else's, or over. A form that was sent twice, and comes
  /// with the cookie before, gets the same answer, whichever arrives last. It is use, which every
  /// replica has to know of at once: the proof may be old. If it was a provider that proved it, the
  /// caller says so next.
  ///
  /// @param proof when they proved it; null if that is not known, and then the proof that is there
  ///   grows no newer
  Optional<Integer> renew(
      HeldSession cookie,
      UUID user,
      AuthenticationMethod method,
      String language,
      @Nullable Instant proof,
      Instant now) {
    return getEntityManager()
        .createNativeQuery(
            """
            update latchkey.browser_sessions
               set authenticated_at = greatest(authenticated_at, cast(:proof as timestamptz)), amr = array[:method], locale = :language,
                   upstream_session_id = null, last_active_at = greatest(last_active_at, cast(:now as timestamptz)),
                   renewal = renewal + case when renewal = :renewal or authenticated_at < :recently then 1 else 0 end
             where id = :id and user_id = :user and finished_at is null
            returning renewal
            """,
            Integer.class)
        .setParameter("proof", proof)
        .setParameter("renewal", cookie.renewal())
        .setParameter("recently", now.minus(SENT_TWICE))
        .setParameter("now", now)
        .setParameter("method", method.code())
        .setParameter("language", language)
        .setParameter("id", cookie.id())
        .setParameter("user", user)
        .getResultStream()
        .findFirst()
        .map(Integer.class::cast);
  }

  /// What the user's newest sign-in that knows says.
  Optional<String> lastLanguageOf(UUID user) {
    return getEntityManager()
        .createNativeQuery(
            """
            select locale from latchkey.browser_sessions where user_id = :user and locale is not null
             order by authenticated_at desc limit 1
            """,
            String.class)
        .setParameter("user", user)
        .getResultStream()
        .findFirst()
        .map(String.class::cast);
  }

  /// Some of the live sessions, those with the lowest ids after this one.
  List<BrowserSession> live(UUID after, int limit) {
    return find("id > ?1 and finishedAt is null order by id", after).page(0, limit).list();
  }

  /// Ends a session of this user once; false if it is not theirs, or had ended.
  boolean finishOwn(UUID id, UUID user, Instant now) {
    return update(
            "finishedAt = ?1 where id = ?2 and userId = ?3 and finishedAt is null", now, id, user)
        == 1;
  }

  /// Ends every session of this user but one; answers how many.
  int finishOthers(UUID but, UUID user, Instant now) {
    return update(
        "finishedAt = ?1 where userId = ?2 and id <> ?3 and finishedAt is null", now, user, but);
  }

  /// Ends every session of this user; answers how many.
  int finishEvery(UUID user, Instant now) {
    return update("finishedAt = ?1 where userId = ?2 and finishedAt is null", now, user);
  }

  /// Ends those of them that are live and the user's; answers how many.
  int finishAll(Collection<UUID> some, UUID user, Instant now) {
    return update(
        "finishedAt = ?1 where id in ?2 and userId = ?3 and finishedAt is null", now, some, user);
  }

  /// Ends the session of a cookie once; false if it had ended, or the cookie is void.
  boolean finish(HeldSession cookie, Instant now) {
    return update(
            "finishedAt = ?1 where id = ?2 and renewal = ?3 and finishedAt is null",
            now,
            cookie.id(),
            cookie.renewal())
        == 1;
  }

  /// Ends a session once; false if it had ended.
  boolean finish(UUID id, Instant now) {
    return update("finishedAt = ?1 where id = ?2 and finishedAt is null", now, id) == 1;
  }
}
