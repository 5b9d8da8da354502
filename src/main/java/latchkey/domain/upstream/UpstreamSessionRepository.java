package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.base.database.Columns;
import latchkey.domain.upstream.Identity.AccessToken;
import org.jspecify.annotations.Nullable;

/// The table `upstream_sessions`: trips on their way. One statement a method, within the caller's
/// transaction; what Hibernate holds back is written first.
@Singleton
public class UpstreamSessionRepository {
  /// Access tokens are not asked with in their last minute: their time ran before they came here,
  /// and the answer takes its own.
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final UpstreamStatementRepository statements;
  private final Encryption encryption;

  UpstreamSessionRepository(UpstreamStatementRepository statements, Encryption encryption) {
    this.statements = statements;
    this.encryption = encryption;
  }

  /// A trip that came back and was not consumed yet.
  ///
  /// @param link which it was completed with; the user is as of now
  /// @param authTime when they signed in there, if the provider says so
  public record Completed(
      UUID id,
      UUID providerId,
      UpstreamLinkView link,
      Claims claims,
      Instant completedAt,
      Optional<Instant> authTime) {
    @Override
    public String toString() {
      return "Completed[" + id + "]";
    }
  }

  /// What signs a browser out at the provider.
  public record WayOut(UUID providerId, Optional<Secret> idToken) {}

  /// @param grant the authorization grant it is for; null for anything else
  public void start(UUID id, UUID provider, @Nullable UUID grant, Instant now) {
    statements.change(
        "insert into latchkey.upstream_sessions (id, provider_id, grant_id, created_at) values (?, ?, cast(? as uuid), ?)",
        id,
        provider,
        grant,
        now);
  }

  /// Keeps what the provider said; false if it was completed before, or is another provider's trip.
  public boolean complete(UUID id, UUID provider, UUID link, Identity identity, Instant now) {
    var claims = identity.claims();
    var access = identity.accessToken();
    return statements.change(
            """
            update latchkey.upstream_sessions
               set completed_at = ?, link_id = ?, subject = ?, sid = ?, acr = ?, amr = ?,
                   auth_time = cast(? as timestamptz), id_token_claims = cast(? as jsonb),
                   userinfo = cast(? as jsonb), callback_parameters = cast(? as jsonb),
                   encrypted_id_token = ?, encrypted_refresh_token = ?, by_userinfo = ?,
                   asked_until = cast(? as timestamptz)
             where id = ? and provider_id = ? and completed_at is null
            """,
            now,
            link,
            identity.subject().orElse(null),
            identity.sid().orElse(null),
            identity.acr().orElse(null),
            identity.amr(),
            identity.authTime().orElse(null),
            claims.idToken().map(PlainJson::write).orElse(null),
            claims.userinfo().map(PlainJson::write).orElse(null),
            PlainJson.write(claims.callbackParameters()),
            identity.idToken().map(encryption::encrypt).orElse(null),
            identity
                .refreshToken()
                .or(() -> access.map(AccessToken::token))
                .map(encryption::encrypt)
                .orElse(null),
            access.isPresent(),
            access
                .flatMap(AccessToken::lifetime)
                .map(lifetime -> now.plus(lifetime).minus(MARGIN))
                .orElse(null),
            id,
            provider)
        == 1;
  }

  /// Whether it has not come back yet.
  public boolean isUnderWay(UUID id, UUID provider) {
    return !statements
        .query(
            "select id from latchkey.upstream_sessions where id = ? and provider_id = ? and completed_at is null",
            row -> row.getObject("id", UUID.class),
            id,
            provider)
        .isEmpty();
  }

  /// Ends one that came back with nothing; false if it had come back before.
  public boolean spend(UUID id, UUID provider, Instant now) {
    return statements.change(
            """
            update latchkey.upstream_sessions set completed_at = ?, consumed_at = ?
             where id = ? and provider_id = ? and completed_at is null
            """,
            now,
            now,
            id,
            provider)
        == 1;
  }

  /// Empty too if it was consumed, or its link was taken away.
  public Optional<Completed> findCompleted(UUID id) {
    return statements
        .query(
            """
            select s.id as session_id, s.completed_at, s.auth_time, s.id_token_claims, s.userinfo, s.callback_parameters,
                   l.id, l.provider_id, l.user_id, l.subject, l.human_account_name, l.created_at
              from latchkey.upstream_sessions s join latchkey.upstream_links l on l.id = s.link_id
             where s.id = ? and s.completed_at is not null and s.consumed_at is null and s.unlinked_at is null
            """,
            UpstreamSessionRepository::completed,
            id)
        .stream()
        .findFirst();
  }

  /// The trip ends in a browser session, which says so from now on; what was said on it is wiped.
  /// It stands in for an earlier one of the same link there, and for the one by which that was
  /// linked, if it can be asked about. False if it was consumed before, or never completed.
  ///
  /// @param revalidateAt when to ask the provider again; null for never, and never without anything
  ///   to ask by
  public boolean consume(
      UUID id, UUID browserSession, @Nullable Instant revalidateAt, Instant now) {
    return !statements
        .query(
            """
            with consumed as (
              update latchkey.upstream_sessions
                 set consumed_at = ?, browser_session_id = ?, id_token_claims = null, userinfo = null,
                     callback_parameters = null,
                     revalidate_at = case when encrypted_refresh_token is not null
                                          then cast(? as timestamptz) end
               where id = ? and completed_at is not null and consumed_at is null and unlinked_at is null
              returning id, browser_session_id, link_id, encrypted_refresh_token, by_userinfo
            ), proven as (
              update latchkey.browser_sessions b set upstream_session_id = c.id
                from consumed c where b.id = c.browser_session_id
            ), replaced as (
              update latchkey.upstream_sessions s set revalidate_at = null, encrypted_refresh_token = null
                from consumed c
               where (s.browser_session_id = c.browser_session_id or s.linked_only) and s.link_id = c.link_id and s.id <> c.id
                 and c.encrypted_refresh_token is not null and s.encrypted_refresh_token is not null
                 and (s.by_userinfo or not c.by_userinfo)
            )
            select id from consumed
            """,
            row -> row.getObject("id", UUID.class),
            now,
            browserSession,
            revalidateAt,
            id)
        .isEmpty();
  }

  /// Ends a trip by which somebody linked an account and did not sign in; false as [#consume]. Its
  /// provider is asked about them all the same, because of what the link gives.
  ///
  /// @param revalidateAt as for [#consume]
  public boolean consumeByLinking(UUID id, @Nullable Instant revalidateAt, Instant now) {
    return statements.change(
            """
            update latchkey.upstream_sessions
               set consumed_at = ?, linked_only = true, id_token_claims = null, userinfo = null,
                   callback_parameters = null, encrypted_id_token = null,
                   revalidate_at = case when encrypted_refresh_token is not null
                                        then cast(? as timestamptz) end
             where id = ? and completed_at is not null and consumed_at is null and unlinked_at is null
            """,
            now,
            revalidateAt,
            id)
        == 1;
  }

  /// Ends a trip that leads nowhere; false as [#consume].
  public boolean consumeWithout(UUID id, Instant now) {
    return statements.change(
            """
            update latchkey.upstream_sessions
               set consumed_at = ?, id_token_claims = null, userinfo = null, callback_parameters = null,
                   encrypted_id_token = null, encrypted_refresh_token = null
             where id = ? and completed_at is not null and consumed_at is null and unlinked_at is null
            """,
            now,
            id)
        == 1;
  }

  public Optional<WayOut> wayOut(UUID browserSession) {
    return statements
        .query(
            """
            select s.provider_id, s.encrypted_id_token
              from latchkey.browser_sessions b join latchkey.upstream_sessions s on s.id = b.upstream_session_id
             where b.id = ?
            """,
            row ->
                new WayOut(
                    row.getObject("provider_id", UUID.class),
                    Optional.ofNullable(row.getString("encrypted_id_token"))
                        .map(encryption::decrypt)),
            browserSession)
        .stream()
        .findFirst();
  }

  /// Deletes some trips that lead nowhere: begun before then, no browser session holds them, and
  /// their provider does not have to be asked about somebody who still has something here; answers
  /// how many.
  int deleteLoose(Instant before, Instant now, int limit) {
    return statements.change(
        """
        delete from latchkey.upstream_sessions where id in (
          select s.id from latchkey.upstream_sessions s
           where s.browser_session_id is null and s.created_at < ?
             and (s.encrypted_refresh_token is null or s.consumed_at is null or not ("""
            + UpstreamLeavingRepository.IS_NEEDED
            + ")) limit ? for update skip locked)",
        before,
        now,
        limit);
  }

  private static Completed completed(ResultSet row) throws SQLException {
    var link = UpstreamLinkRepository.view(row);
    var callback = new HashMap<String, String>();
    claims(row, "callback_parameters")
        .orElse(Map.of())
        .forEach((name, value) -> callback.put(name, String.valueOf(value)));
    return new Completed(
        row.getObject("session_id", UUID.class),
        link.providerId(),
        link,
        new Claims(claims(row, "id_token_claims"), claims(row, "userinfo"), callback),
        row.getTimestamp("completed_at").toInstant(),
        Optional.ofNullable(Columns.instant(row, "auth_time")));
  }

  private static Optional<Map<String, @Nullable Object>> claims(ResultSet row, String column)
      throws SQLException {
    var text = row.getString(column);
    return text == null ? Optional.empty() : PlainJson.read(text);
  }
}
