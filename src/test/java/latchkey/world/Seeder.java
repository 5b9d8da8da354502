package latchkey.world;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.token.TokenCodec;
import latchkey.domain.token.TokenContent;
import latchkey.domain.token.TokenKey;
import latchkey.domain.token.TokenKeys;
import latchkey.domain.token.TokenKind;

/// Puts users with sessions into a database and computes their tokens, for tests that need
/// thousands of sessions and none of the pages.
public final class Seeder {
  /// The static client without a secret that the sessions belong to.
  public static final UUID CLIENT = Ids.parse("01KB0000000000000000000003").orElseThrow();

  private static final Pattern ENCRYPTION = Pattern.compile("encryption: *\"?([0-9a-f]{64})");
  private static final Duration TTL = Duration.ofHours(1);

  private final Postgres postgres;
  private final TokenCodec codec;
  private final Randomness randomness = new Randomness();
  private final Ids ids = new Ids(randomness);

  Seeder(Postgres postgres, String secrets) {
    var found = ENCRYPTION.matcher(secrets);
    if (!found.find()) {
      throw new IllegalStateException("no encryption secret");
    }
    this.postgres = postgres;
    this.codec =
        new TokenCodec(
            new TokenKeys(List.of(TokenKey.derived(HexFormat.of().parseHex(found.group(1))))));
  }

  /// A session, open, at generation 0, of a user of its own.
  public record Session(UUID id, UUID user, String username, String access, String refresh) {}

  public Session session() {
    return sessions(1).getFirst();
  }

  public List<Session> sessions(int count) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var sessions = new ArrayList<Session>();
    try (var connection = postgres.database().getConnection();
        var client =
            connection.prepareStatement(
                """
            insert into latchkey.clients (id, redirect_uris, grant_types, token_endpoint_auth_method, created_at)
            values (?, '{}', '{authorization_code,refresh_token}', 'none', ?) on conflict (id) do nothing
            """);
        var user =
            connection.prepareStatement(
                "insert into latchkey.users (id, username, created_at) values (?, ?, ?)");
        var session =
            connection.prepareStatement(
                """
            insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at, nonce,
                   issued_at, access_ttl, token_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """)) {
      connection.setAutoCommit(false);
      var at = Timestamp.from(now);
      client.setObject(1, CLIENT);
      client.setTimestamp(2, at);
      client.executeUpdate();
      for (int i = 0; i < count; i++) {
        var userId = ids.next(now);
        var username = "user" + userId.toString().replace("-", "");
        user.setObject(1, userId);
        user.setString(2, username);
        user.setTimestamp(3, at);
        user.addBatch();
        var id = ids.next(now);
        long nonce = ByteBuffer.wrap(randomness.bytes(8)).getLong();
        var device = "D" + id.toString().replace("-", "").toUpperCase(java.util.Locale.ROOT);
        session.setObject(1, id);
        session.setObject(2, CLIENT);
        session.setObject(3, userId);
        session.setString(4, World.scope(device));
        session.setString(5, device);
        session.setTimestamp(6, at);
        session.setTimestamp(7, at);
        session.setLong(8, nonce);
        session.setTimestamp(9, at);
        session.setLong(10, TTL.toSeconds());
        session.addBatch();
        sessions.add(
            new Session(
                id,
                userId,
                username,
                token(TokenKind.OAUTH_ACCESS, id, nonce, now, now.plus(TTL)),
                token(TokenKind.OAUTH_REFRESH, id, nonce, now, null)));
      }
      user.executeBatch();
      session.executeBatch();
      connection.commit();
      return sessions;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Tokens nobody issued: well-formed, of this server's shape and key id, under another key.
  public static List<String> forged(int count) {
    var randomness = new Randomness();
    var codec =
        new TokenCodec(new TokenKeys(List.of(new TokenKey(1, randomness.bytes(32), null, false))));
    var now = Instant.now();
    var tokens = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var content =
          new TokenContent(
              TokenKind.OAUTH_ACCESS,
              new UUID(randomness.nextLong(), i),
              0,
              now,
              now.plus(TTL),
              randomness.nextLong(),
              0);
      tokens.add(codec.encode(content, 1).reveal());
    }
    return tokens;
  }

  private String token(
      TokenKind kind, UUID session, long nonce, Instant issuedAt, Instant expiresAt) {
    return codec
        .encode(new TokenContent(kind, session, 0, issuedAt, expiresAt, nonce, 0), 1)
        .reveal();
  }
}
