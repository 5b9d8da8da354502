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
import latchkey.base.database.Columns;
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

  /// Whether the provider has to be asked by the trip `s`: something begun with it is there, or no
  /// later one can be asked by, and its owner is signed in anywhere, or could be by an app
  /// password, whatever with; or they have rights by the link, or linked it by this trip. One
  /// question mark, for the time.
  static final String IS_NEEDED =
      """
      exists (
        select from latchkey.browser_sessions b
         where b.id = s.browser_session_id
           and (b.finished_at is null
                or exists (select from latchkey.oauth_sessions o
                            where o.browser_session_id = b.id and o.finished_at is null)))
      or not exists (
        select from latchkey.upstream_sessions n
         where n.link_id = s.link_id and (n.consumed_at, n.id) > (s.consumed_at, s.id)
           and n.encrypted_refresh_token is not null and n.unlinked_at is null
           and (s.by_userinfo or not n.by_userinfo))
      and exists (
        select from latchkey.upstream_links l
         where l.id = s.link_id and (
               exists (select from latchkey.browser_sessions b
                        where b.user_id = l.user_id and b.finished_at is null)
            or exists (select from latchkey.oauth_sessions o
                        where o.user_id = l.user_id and o.finished_at is null)
            or exists (select from latchkey.app_passwords a
                        where a.user_id = l.user_id and a.revoked_at is null
                          and (a.expires_at is null or a.expires_at > ?))))
      or not exists (
        select from latchkey.upstream_sessions n
         where n.link_id = s.link_id and (n.consumed_at, n.id) > (s.consumed_at, s.id)
           and n.encrypted_refresh_token is not null and n.unlinked_at is null
           and (s.by_userinfo or not n.by_userinfo))
      and exists (
        select from latchkey.upstream_links l join latchkey.users u on u.id = l.user_id
         where l.id = s.link_id and u.deactivated_at is null
           and (s.linked_only or l.gave_admin or l.granted_scopes <> '{}'))
      """;

  /// Until it is looked again whether one that is not needed is.
  private static final Duration SELDOM = Duration.ofHours(1);

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
  /// @param browserSessionId null once that is deleted
  /// @param subject of its link
  /// @param sealedToken see [#token]
  /// @param byUserinfo whether that is an access token, good for userinfo
  /// @param until when that ends; null if nobody knows
  /// @param linkedOnly whether an account was linked by it, and nobody signed in
  /// @param failures how often in a row there was no answer, or it was that they are gone
  /// @param gone whether their provider has said already that it does not know them
  public record Due(
      UUID id,
      UUID providerId,
      UUID linkId,
      UUID userId,
      @Nullable UUID browserSessionId,
      String subject,
      String sealedToken,
      boolean byUserinfo,
      @Nullable Instant until,
      boolean linkedOnly,
      int failures,
      boolean gone) {
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

  /// Trips that have come back and no more: somebody who signed out there does not sign in by them.
  ///
  /// @param sid the session there; null for all of the subject
  /// @param subject `sub` of the ID token; null if the session is named
  public void stopUnderWay(
      UUID provider, @Nullable String sid, @Nullable String subject, Instant now) {
    statements.change(
        """
        update latchkey.upstream_sessions set unlinked_at = ?
         where provider_id = ? and completed_at is not null and consumed_at is null and unlinked_at is null
           and\s"""
            + (sid == null ? "subject = ?" : "sid = ?"),
        now,
        provider,
        sid == null ? subject : sid);
  }

  /// Some that are due, each put off by `lease` so that no other replica takes it meanwhile; the
  /// transaction has to be committed before anybody is asked. Those that are not needed are put off
  /// for longer, and not answered.
  public List<Due> takeDue(Instant now, Duration lease, int limit) {
    return statements.query(
        """
        with taken as (
          update latchkey.upstream_sessions s
             set revalidate_at = case when\s"""
            + IS_NEEDED
            + """
                  then cast(? as timestamptz) else cast(? as timestamptz) end
           where s.id in (
             select id from latchkey.upstream_sessions
              where revalidate_at <= ? and encrypted_refresh_token is not null
              order by revalidate_at limit ? for update skip locked)
          returning s.*
        )
        select t.id, t.provider_id, t.browser_session_id, t.encrypted_refresh_token, t.by_userinfo, t.asked_until,
               t.linked_only, t.revalidation_failures,
               l.id as link_id, l.user_id, l.subject, l.gone_at is not null as gone
          from taken t join latchkey.upstream_links l on l.id = t.link_id
         where t.revalidate_at = ? and l.user_id is not null and t.unlinked_at is null
        """,
        UpstreamLeavingRepository::due,
        now,
        now.plus(lease),
        now.plus(lease).plus(SELDOM),
        now,
        limit,
        now.plus(lease));
  }

  /// The refresh token that the provider is asked with, or the access token.
  ///
  /// @throws IllegalArgumentException or [IllegalStateException] if it cannot be read: it was
  ///   stored under another encryption secret, or damaged
  public Secret token(Due due) {
    return encryption.decrypt(due.sealedToken());
  }

  /// Whether somebody can still be asked about by it: an admin, a new sign-in or unlinking may have
  /// put an end to that since it was taken.
  ///
  /// @param unchanged whether it has to be by the same token, too
  public boolean isLive(Due due, boolean unchanged) {
    return !statements
        .query(
            """
            select id from latchkey.upstream_sessions
             where id = ? and unlinked_at is null and encrypted_refresh_token is not null
               and (not ? or encrypted_refresh_token = ?)
            """,
            row -> row.getObject("id", UUID.class),
            due.id(),
            unchanged,
            due.sealedToken())
        .isEmpty();
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

  /// There was no answer, or it was that they are gone: this one vouches for nobody meanwhile.
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

  /// Asks by the others of this link at once.
  public void askNow(UUID link, Instant now) {
    statements.change(
        """
        update latchkey.upstream_sessions set revalidate_at = ?
         where link_id = ? and revalidate_at > ? and encrypted_refresh_token is not null
        """,
        now,
        link,
        now);
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

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getObject("id", UUID.class),
        row.getObject("provider_id", UUID.class),
        row.getObject("link_id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getObject("browser_session_id", UUID.class),
        row.getString("subject"),
        row.getString("encrypted_refresh_token"),
        row.getBoolean("by_userinfo"),
        Columns.instant(row, "asked_until"),
        row.getBoolean("linked_only"),
        row.getInt("revalidation_failures"),
        row.getBoolean("gone"));
  }
}
