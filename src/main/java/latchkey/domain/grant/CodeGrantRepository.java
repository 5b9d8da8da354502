package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import latchkey.base.database.Columns;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import latchkey.domain.grant.CodeGrant.Consenter;
import latchkey.domain.grant.CodeGrant.Proof;
import org.jspecify.annotations.Nullable;

/// The table `authorization_grants` from the code to the session: one statement a method, each
/// change conditional, so that of two who exchange one code only one gets anywhere. Plain JDBC in
/// autocommit.
@Singleton
public class CodeGrantRepository {
  /// How long one exchange may hold the code; longer than any call to the homeserver may take.
  public static final Duration LEASE = Duration.ofSeconds(30);

  private final DataSource database;

  public CodeGrantRepository(DataSource database) {
    this.database = database;
  }

  public Optional<CodeGrant> findByCode(byte[] codeDigest, Instant now) throws SQLException {
    var sql =
        """
        select g.id, g.client_id, g.redirect_uri, g.redirect_uri_given, g.scope, g.nonce, g.code_challenge,
               g.locale, g.id_token_claims,
               g.fulfilled_at, g.exchanged_at, g.session_id, g.lease_deadline, g.browser_session_id,
               b.finished_at is not null as browser_session_finished, b.authenticated_at, b.amr,
               p.auth_time as upstream_auth_time, p.acr as upstream_acr, p.amr as upstream_amr,
               u.id as user_id, u.username, u.locked_at is not null as locked,
               u.deactivated_at is not null as deactivated
          from latchkey.authorization_grants g
          join latchkey.browser_sessions b on b.id = g.browser_session_id
          join latchkey.users u on u.id = b.user_id
          left join latchkey.upstream_sessions p on p.id = b.upstream_session_id
         where g.code_digest = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, codeDigest);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(read(rows, now)) : Optional.empty();
      }
    }
  }

  /// The session an exchange wants to open.
  public record Opening(
      UUID session,
      UUID client,
      UUID user,
      UUID browserSession,
      Scope scope,
      @Nullable String deviceId,
      long nonce,
      int accessTtl,
      int tokenKey,
      @Nullable String userAgent,
      @Nullable String ipAddress) {}

  /// Takes the code's lease and begins the session, or goes on with the one that an earlier attempt
  /// began, unless that one was ended meanwhile. Empty if somebody else holds the code, or it is
  /// exchanged.
  public Optional<UUID> lease(UUID grant, UUID holder, Opening opening, Instant now)
      throws SQLException {
    var sql =
        """
        with leased as (
          update latchkey.authorization_grants g
             set lease_holder = ?, lease_deadline = ?,
                 session_id = coalesce((select s.id from latchkey.oauth_sessions s
                                         where s.id = g.session_id and s.opened_at is null and s.finished_at is null), ?)
           where id = ? and exchanged_at is null and (lease_deadline is null or lease_deadline <= ?)
          returning session_id, userinfo_claims),
        begun as (
          insert into latchkey.oauth_sessions (id, client_id, user_id, browser_session_id, scope, device_id, created_at,
                 nonce, issued_at, access_ttl, token_key, user_agent, last_active_at, last_active_ip, userinfo_claims)
          select session_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as inet), userinfo_claims
            from leased where session_id = ?)
        select session_id from leased
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var at = Timestamp.from(now);
      int i = 0;
      statement.setObject(++i, holder);
      statement.setTimestamp(++i, Timestamp.from(now.plus(LEASE)));
      statement.setObject(++i, opening.session());
      statement.setObject(++i, grant);
      statement.setTimestamp(++i, at);
      statement.setObject(++i, opening.client());
      statement.setObject(++i, opening.user());
      statement.setObject(++i, opening.browserSession());
      statement.setString(++i, opening.scope().toString());
      statement.setString(++i, opening.deviceId());
      statement.setTimestamp(++i, at);
      statement.setLong(++i, opening.nonce());
      statement.setTimestamp(++i, at);
      statement.setInt(++i, opening.accessTtl());
      statement.setInt(++i, opening.tokenKey());
      statement.setString(++i, opening.userAgent());
      statement.setTimestamp(++i, at);
      statement.setString(++i, opening.ipAddress());
      statement.setObject(++i, opening.session());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }

  /// Lets go of the code after a failure, so that a retry need not wait for the deadline.
  public void release(UUID grant, UUID holder) throws SQLException {
    var sql =
        """
        update latchkey.authorization_grants set lease_holder = null, lease_deadline = null
         where id = ? and lease_holder = ? and exchanged_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, grant);
      statement.setObject(2, holder);
      statement.executeUpdate();
    }
  }

  /// Consumes the code and opens its session, both or neither. False if the lease was lost, the
  /// session ended, or the key was withdrawn meanwhile.
  public boolean consume(UUID grant, UUID holder, int accessTtl, int tokenKey, Instant now)
      throws SQLException {
    var sql =
        """
        with held as (
          select id, session_id from latchkey.authorization_grants
           where id = ? and lease_holder = ? and exchanged_at is null for update),
        opened as (
          update latchkey.oauth_sessions s
             set opened_at = ?, issued_at = ?, access_ttl = ?, token_key = ?
            from held where s.id = held.session_id and s.opened_at is null and s.finished_at is null
               and not exists (select from latchkey.token_keys k where k.id = ? and k.withdrawn_at is not null)
          returning s.id)
        update latchkey.authorization_grants g
           set exchanged_at = ?, lease_holder = null, lease_deadline = null
          from held join opened on opened.id = held.session_id where g.id = held.id
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var at = Timestamp.from(now);
      statement.setObject(1, grant);
      statement.setObject(2, holder);
      statement.setTimestamp(3, at);
      statement.setTimestamp(4, at);
      statement.setInt(5, accessTtl);
      statement.setInt(6, tokenKey);
      statement.setInt(7, tokenKey);
      statement.setTimestamp(8, at);
      return statement.executeUpdate() == 1;
    }
  }

  private static CodeGrant read(ResultSet row, Instant now) throws SQLException {
    var browserSession = row.getObject("browser_session_id", UUID.class);
    var fulfilledAt = row.getTimestamp("fulfilled_at").toInstant();
    var session = row.getObject("session_id", UUID.class);
    return new CodeGrant(
        row.getObject("id", UUID.class),
        row.getObject("client_id", UUID.class),
        row.getString("redirect_uri"),
        row.getBoolean("redirect_uri_given"),
        Scope.parse(row.getString("scope")).orElseThrow(),
        row.getString("nonce"),
        row.getString("code_challenge"),
        row.getString("locale"),
        texts(row, "id_token_claims").stream()
            .flatMap(name -> StandardClaim.parse(name).stream())
            .collect(Collectors.toSet()),
        stage(row, browserSession, fulfilledAt, session, now),
        fulfilledAt,
        session,
        new Consenter(
            browserSession,
            row.getBoolean("browser_session_finished"),
            proof(row),
            row.getObject("user_id", UUID.class),
            row.getString("username"),
            row.getBoolean("locked"),
            row.getBoolean("deactivated")));
  }

  /// What the provider says of a sign-in there counts for more than that it was one: how it was,
  /// and that it may have been some time before they came here.
  private static Proof proof(ResultSet row) throws SQLException {
    var here = row.getTimestamp("authenticated_at").toInstant();
    var there = Columns.instant(row, "upstream_auth_time");
    var means =
        row.getArray("upstream_amr") == null ? List.<String>of() : texts(row, "upstream_amr");
    return new Proof(
        there != null && there.isBefore(here) ? there : here,
        means.isEmpty() ? texts(row, "amr") : means,
        row.getString("upstream_acr"));
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private static Stage stage(
      ResultSet row, UUID browserSession, Instant fulfilledAt, UUID session, Instant now)
      throws SQLException {
    var exchangedAt = row.getTimestamp("exchanged_at");
    if (exchangedAt != null) {
      return new Stage.Exchanged(session, exchangedAt.toInstant());
    }
    var lease = row.getTimestamp("lease_deadline");
    return lease != null && lease.toInstant().isAfter(now)
        ? new Stage.Exchanging(browserSession, lease.toInstant())
        : new Stage.Fulfilled(browserSession, fulfilledAt);
  }
}
