package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The table `upstream_sessions`: those that somebody signed in by, and may have to leave by. One
/// statement a method, within the caller's transaction.
@Singleton
public class UpstreamLeavingRepository {
  private static final String CONSUMED =
      """
      select s.id, l.user_id, s.browser_session_id
        from latchkey.upstream_sessions s left join latchkey.upstream_links l on l.id = s.link_id
       where s.consumed_at is not null and s.provider_id = ? and\s""";

  private final UpstreamStatementRepository statements;
  private final Encryption encryption;

  UpstreamLeavingRepository(UpstreamStatementRepository statements, Encryption encryption) {
    this.statements = statements;
    this.encryption = encryption;
  }

  /// @param userId whose link it is; null if it was taken from them
  /// @param browserSessionId null once that is deleted
  public record Consumed(UUID id, @Nullable UUID userId, @Nullable UUID browserSessionId) {}

  /// One whose provider is to be asked again.
  ///
  /// @param subject of its link
  /// @param failures how often in a row there was no answer
  public record Due(
      UUID id,
      UUID providerId,
      UUID userId,
      @Nullable UUID browserSessionId,
      String subject,
      Secret refreshToken,
      int failures) {
    @Override
    public String toString() {
      return "Due[" + id + "]";
    }
  }

  /// Those that end when the provider says that this session ended there.
  public List<Consumed> bySid(UUID provider, String sid) {
    return statements.query(
        CONSUMED + "s.sid = ?", UpstreamLeavingRepository::consumed, provider, sid);
  }

  /// Those that end when the provider says that this person signed out there.
  ///
  /// @param subject `sub` of the ID token
  public List<Consumed> bySubject(UUID provider, String subject) {
    return statements.query(
        CONSUMED + "s.subject = ?", UpstreamLeavingRepository::consumed, provider, subject);
  }

  /// Some that are due, each put off by `lease` so that no other replica takes it meanwhile; the
  /// transaction has to be committed before anybody is asked.
  public List<Due> takeDue(Instant now, Duration lease, int limit) {
    return statements.query(
        """
        with taken as (
          update latchkey.upstream_sessions s
             set revalidate_at = case when s.unlinked_at is null and exists (
                   select from latchkey.browser_sessions b
                    where b.id = s.browser_session_id
                      and (b.finished_at is null or exists (
                            select from latchkey.oauth_sessions o
                             where o.browser_session_id = b.id and o.finished_at is null)))
                   then cast(? as timestamptz) end
           where s.id in (
             select id from latchkey.upstream_sessions
              where revalidate_at <= ? and encrypted_refresh_token is not null
              order by revalidate_at limit ? for update skip locked)
          returning s.*
        )
        select t.id, t.provider_id, t.browser_session_id, t.encrypted_refresh_token, t.revalidation_failures,
               l.user_id, l.subject
          from taken t join latchkey.upstream_links l on l.id = t.link_id
         where t.revalidate_at is not null and l.user_id is not null
        """,
        this::due,
        now.plus(lease),
        now,
        limit);
  }

  /// It is as it was.
  ///
  /// @param refreshToken the new one; null to keep the one that was used
  /// @param next when to ask again
  public void revalidated(UUID id, @Nullable Secret refreshToken, Instant next) {
    statements.change(
        """
        update latchkey.upstream_sessions
           set revalidate_at = ?, revalidation_failures = 0,
               encrypted_refresh_token = coalesce(cast(? as text), encrypted_refresh_token)
         where id = ? and encrypted_refresh_token is not null and unlinked_at is null
        """,
        next,
        refreshToken == null ? null : encryption.encrypt(refreshToken),
        id);
  }

  /// There was no answer.
  public void failed(UUID id, Instant next) {
    statements.change(
        """
        update latchkey.upstream_sessions
           set revalidate_at = ?, revalidation_failures = revalidation_failures + 1
         where id = ? and encrypted_refresh_token is not null and unlinked_at is null
        """,
        next,
        id);
  }

  /// Nobody asks again; the refresh token is forgotten.
  public void stop(UUID id) {
    statements.change(
        """
        update latchkey.upstream_sessions set revalidate_at = null, encrypted_refresh_token = null where id = ?
        """,
        id);
  }

  private static Consumed consumed(ResultSet row) throws SQLException {
    return new Consumed(
        row.getObject("id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getObject("browser_session_id", UUID.class));
  }

  private Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getObject("id", UUID.class),
        row.getObject("provider_id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getObject("browser_session_id", UUID.class),
        row.getString("subject"),
        encryption.decrypt(row.getString("encrypted_refresh_token")),
        row.getInt("revalidation_failures"));
  }
}
