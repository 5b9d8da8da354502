package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// How far a sign-in through a provider reaches: from `upstream_sessions` to `browser_sessions` and
/// `oauth_sessions`. One statement a method, within the caller's transaction.
@Singleton
class UpstreamReachRepository {
  private final NativeStatementRepository statements;

  UpstreamReachRepository(NativeStatementRepository statements) {
    this.statements = statements;
  }

  /// Those of these trips that no later trip of the same person in the same browser session stands
  /// in for.
  List<UUID> current(Collection<UUID> trips) {
    return trips.isEmpty()
        ? List.of()
        : statements
            .ask(
                """
                select s.id from latchkey.upstream_sessions s
                 where s.id in (:trips)
                   and not exists (select from latchkey.upstream_sessions n
                                    where n.browser_session_id = s.browser_session_id and n.link_id = s.link_id
                                      and n.consumed_at > s.consumed_at and n.id not in (:trips))
                """,
                UUID.class)
            .setParameter("trips", trips)
            .getResultStream()
            .map(UUID.class::cast)
            .toList();
  }

  /// Whether a later trip that can be asked by stands in for this one.
  boolean isReplaced(UUID trip) {
    return Boolean.TRUE.equals(
        statements
            .ask(
                """
                select exists (
                  select from latchkey.upstream_sessions s join latchkey.upstream_sessions n
                      on n.browser_session_id = s.browser_session_id and n.link_id = s.link_id
                   where s.id = :trip and n.id <> s.id and n.consumed_at > s.consumed_at
                     and n.encrypted_refresh_token is not null and (s.by_userinfo or not n.by_userinfo))
                """,
                Boolean.class)
            .setParameter("trip", trip)
            .getSingleResult());
  }

  /// The browser sessions that somebody came to by a link.
  List<UUID> browsersOf(UUID link) {
    return statements
        .ask(
            """
            select distinct browser_session_id from latchkey.upstream_sessions
             where link_id = :link and consumed_at is not null and browser_session_id is not null
            """,
            UUID.class)
        .setParameter("link", link)
        .getResultStream()
        .map(UUID.class::cast)
        .toList();
  }

  /// The browser sessions that somebody came to by a link since then.
  List<UUID> browsersSince(UUID link, Instant since) {
    return statements
        .ask(
            """
            select distinct browser_session_id from latchkey.upstream_sessions
             where link_id = :link and consumed_at > :since and browser_session_id is not null
               and unlinked_at is null
            """,
            UUID.class)
        .setParameter("link", link)
        .setParameter("since", since)
        .getResultStream()
        .map(UUID.class::cast)
        .toList();
  }

  /// Whether the provider stands by this person, as this subject, by another trip: whatever became
  /// of this one, it is not about them.
  ///
  /// @param rules whether that has to be in what the rules say, which userinfo does not ask them
  boolean isVouchedForOtherwise(UUID trip, boolean rules, Instant now) {
    return Boolean.TRUE.equals(
        statements
            .ask(
                """
                select exists (
                  select from latchkey.upstream_sessions t join latchkey.upstream_sessions s on s.link_id = t.link_id
                   where t.id = :trip and s.id <> t.id and s.encrypted_refresh_token is not null
                     and s.revalidate_at is not null and s.revalidation_failures = 0 and s.unlinked_at is null
                     and (s.asked_until is null or s.asked_until > :now) and not (:rules and s.by_userinfo))
                """,
                Boolean.class)
            .setParameter("trip", trip)
            .setParameter("rules", rules)
            .setParameter("now", now)
            .getSingleResult());
  }

  /// Whether the user has another way to sign in than by this link: a password, or a link of a
  /// provider that there is now and that has not said that it does not know them.
  ///
  /// @param providers which there are
  /// @param passwords whether those count
  boolean hasOtherWay(UUID link, UUID user, Collection<UUID> providers, boolean passwords) {
    return Boolean.TRUE.equals(
        statements
            .ask(
                """
                select exists (select from latchkey.upstream_links
                                where user_id = :user and id <> :link and provider_id = any (cast(string_to_array(:providers, ',') as uuid[]))
                                  and held_at is null and gone_at is null)
                    or (:passwords and exists (select from latchkey.user_passwords where user_id = :user))
                """,
                Boolean.class)
            .setParameter("user", user)
            .setParameter("link", link)
            .setParameter(
                "providers",
                providers.stream().map(UUID::toString).collect(Collectors.joining(",")))
            .setParameter("passwords", passwords)
            .getSingleResult());
  }

  /// The providers through which people are signed in now, and of whose sign-ins none can be asked
  /// by.
  List<UUID> unaskable() {
    return statements
        .ask(
            """
            select distinct s.provider_id
              from latchkey.browser_sessions b join latchkey.upstream_sessions s on s.id = b.upstream_session_id
             where b.finished_at is null and s.encrypted_refresh_token is null and s.unlinked_at is null
               and not exists (select from latchkey.upstream_sessions o
                                where o.provider_id = s.provider_id and o.encrypted_refresh_token is not null)
            """,
            UUID.class)
        .getResultStream()
        .map(UUID.class::cast)
        .toList();
  }

  /// Takes the user's app passwords back; answers how many.
  int revokeAppPasswords(UUID user, Instant now) {
    return statements
        .change(
            """
            update latchkey.app_passwords set revoked_at = :now where user_id = :user and revoked_at is null
            """)
        .setParameter("now", now)
        .setParameter("user", user)
        .executeUpdate();
  }

  /// Lets revalidation find what was begun while it was off; answers how many.
  int makeDue(Instant now) {
    return statements
        .change(
            """
            update latchkey.upstream_sessions set revalidate_at = :now
             where encrypted_refresh_token is not null and revalidate_at is null and consumed_at is not null
               and unlinked_at is null
            """)
        .setParameter("now", now)
        .executeUpdate();
  }
}
