package latchkey.domain.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The table `oauth_sessions`, apart from the columns of the token engine.
@Singleton
class OAuthSessionRepository implements PanacheRepositoryBase<OAuthSession, UUID> {
  private final DataSource database;

  OAuthSessionRepository(DataSource database) {
    this.database = database;
  }

  /// A session that has just ended, and whose device may have to go.
  record Ended(UUID id, @Nullable UUID userId, @Nullable String deviceId) {}

  /// Ends a session once; empty if it had ended.
  Optional<Ended> finish(UUID id, String reason, Instant now) {
    return ended(
            """
            update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
             where id = :id and finished_at is null
            returning id, user_id, device_id
            """,
            query -> query.setParameter("id", id),
            reason,
            now)
        .stream()
        .findFirst();
  }

  /// Ends those of them that are live.
  List<Ended> finishAll(Collection<UUID> ids, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where id in (:ids) and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("ids", ids),
        reason,
        now);
  }

  /// Ends those of them that are live and the user's.
  List<Ended> finishOwn(UUID user, Collection<UUID> ids, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where user_id = :user and id in (:ids) and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("user", user).setParameter("ids", ids),
        reason,
        now);
  }

  /// Ends all sessions of a user, and those that are opening.
  List<Ended> finishEvery(UUID user, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where user_id = :user and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("user", user),
        reason,
        now);
  }

  /// Ends what was begun in these browser sessions of a user, and what is opening.
  List<Ended> finishOfBrowsers(
      UUID user, Collection<UUID> browserSessions, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where user_id = :user and browser_session_id in (:browsers) and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("user", user).setParameter("browsers", browserSessions),
        reason,
        now);
  }

  /// Ends what was opened with an app password, and what is opening.
  List<Ended> finishOfAppPassword(UUID appPassword, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where app_password_id = :password and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("password", appPassword),
        reason,
        now);
  }

  /// Ends some of what was opened with an app password that has expired.
  List<Ended> finishOfExpiredAppPasswords(int limit, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where id in (select s.id from latchkey.app_passwords p
                        join latchkey.oauth_sessions s on s.app_password_id = p.id
                       where p.expires_at <= :now and p.revoked_at is null and s.finished_at is null
                       order by s.id limit :limit for update of s skip locked)
        returning id, user_id, device_id
        """,
        query -> query.setParameter("limit", limit),
        FinishReason.APP_PASSWORD_EXPIRED.text(),
        now);
  }

  /// Ends the compat sessions of a user, and those that are opening.
  List<Ended> finishCompat(UUID user, String reason, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where user_id = :user and kind = 'compat' and finished_at is null
        returning id, user_id, device_id
        """,
        query -> query.setParameter("user", user),
        reason,
        now);
  }

  /// Ends every other live session of the user that holds the device: Matrix gives a device to one
  /// session. Part of every sign-in, so it goes past Hibernate, in the transaction that is open.
  List<Ended> finishOthersOnDevice(UUID except, UUID userId, String deviceId, Instant now)
      throws SQLException {
    var sql =
        """
        update latchkey.oauth_sessions set finished_at = ?, finished_reason = ?
         where user_id = ? and device_id = ? and id <> ? and finished_at is null and opened_at is not null
        returning id
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setString(2, FinishReason.DEVICE_REUSED.text());
      statement.setObject(3, userId);
      statement.setString(4, deviceId);
      statement.setObject(5, except);
      try (var rows = statement.executeQuery()) {
        var ended = new ArrayList<Ended>();
        while (rows.next()) {
          ended.add(new Ended(rows.getObject(1, UUID.class), userId, deviceId));
        }
        return ended;
      }
    }
  }

  /// Ends some of the sessions that began to open before then and never did.
  List<Ended> finishUnopened(Instant begunBefore, int limit, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where id in (select id from latchkey.oauth_sessions
                       where opened_at is null and finished_at is null and created_at <= :before
                       order by created_at limit :limit for update skip locked)
        returning id, user_id, device_id
        """,
        query -> query.setParameter("before", begunBefore).setParameter("limit", limit),
        FinishReason.NEVER_OPENED.text(),
        now);
  }

  /// Deletes some of those that ended before then, with all their tokens; answers how many.
  int deleteFinished(Instant before, int limit) {
    return getEntityManager()
        .createNativeQuery(
            """
            delete from latchkey.oauth_sessions where id in (
              select id from latchkey.oauth_sessions where finished_at < :before order by finished_at limit :limit
                 for update skip locked)
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
            update latchkey.oauth_sessions set last_active_ip = null, rotated_ip = null where id in (
              select id from latchkey.oauth_sessions
               where last_active_at < :since and (last_active_ip is not null or rotated_ip is not null)
               limit :limit for update skip locked)
            """)
        .setParameter("since", unusedSince)
        .setParameter("limit", limit)
        .executeUpdate();
  }

  private interface Binder {
    void bind(jakarta.persistence.Query query);
  }

  private List<Ended> ended(String sql, Binder binder, String reason, Instant now) {
    var query = getEntityManager().createNativeQuery(sql, Object[].class);
    query.setParameter("now", now).setParameter("reason", reason);
    binder.bind(query);
    @SuppressWarnings("unchecked")
    List<Object[]> rows = query.getResultList();
    return rows.stream()
        .map(row -> new Ended((UUID) row[0], (UUID) row[1], (String) row[2]))
        .toList();
  }
}
