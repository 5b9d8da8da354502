package latchkey.world;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import latchkey.base.crypto.Digest;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.token.TokenCodec;
import latchkey.domain.token.TokenContent;
import latchkey.domain.token.TokenKey;
import latchkey.domain.token.TokenKeys;
import latchkey.domain.token.TokenKind;
import org.jspecify.annotations.Nullable;

/// Puts users with sessions, or with codes, into a database and computes their tokens, for tests
/// that need many of them and none of the pages.
public final class Seeder {
  /// The public client that all of it belongs to.
  public static final String CLIENT_ID = "01KB0000000000000000000003";

  private static final UUID CLIENT = Ids.parse(CLIENT_ID).orElseThrow();
  private static final Pattern ENCRYPTION = Pattern.compile("encryption: *\"?([0-9a-f]{64})");
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Duration TTL = Duration.ofHours(12);

  private final Postgres postgres;
  private final int key;
  private final TokenCodec codec;
  private final Randomness randomness = new Randomness();
  private final Ids ids = new Ids(randomness);

  Seeder(Postgres postgres, TokenKey key) {
    this.postgres = postgres;
    this.key = key.id();
    this.codec = codec(key);
  }

  /// With the key that follows from the encryption secret.
  static Seeder of(Postgres postgres, String secrets) {
    var found = ENCRYPTION.matcher(secrets);
    if (!found.find()) {
      throw new IllegalStateException("no encryption secret");
    }
    return new Seeder(postgres, TokenKey.derived(HexFormat.of().parseHex(found.group(1))));
  }

  /// A session, open, at generation 0, of a user of its own.
  public record Session(UUID id, UUID user, String username, String access, String refresh) {}

  private interface Work<T> {
    T run(Connection connection, Instant now) throws SQLException;
  }

  public Session session() {
    return sessions(1).getFirst();
  }

  public List<Session> sessions(int count) {
    return sessions(count, false);
  }

  /// Sessions of old Matrix clients that asked for refresh tokens.
  public List<Session> compatSessions(int count) {
    return sessions(count, true);
  }

  private List<Session> sessions(int count, boolean compat) {
    var access = compat ? TokenKind.COMPAT_ACCESS : TokenKind.OAUTH_ACCESS;
    var refresh = compat ? TokenKind.COMPAT_REFRESH : TokenKind.OAUTH_REFRESH;
    return inTransaction(
        (connection, now) -> {
          var users = users(connection, count, now);
          var sessions = new ArrayList<Session>();
          try (var statement =
              connection.prepareStatement(
                  """
                  insert into latchkey.oauth_sessions (kind, id, client_id, user_id, scope, device_id, created_at,
                         opened_at, issued_at, nonce, access_ttl, token_key)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """)) {
            var at = Timestamp.from(now);
            for (var user : users) {
              var id = ids.next(now);
              long nonce = randomness.nextLong();
              var device = device(id);
              add(
                  statement,
                  compat ? "compat" : "oauth",
                  id,
                  compat ? null : CLIENT,
                  user,
                  World.scope(device),
                  device,
                  at,
                  at,
                  at,
                  nonce,
                  TTL.toSeconds(),
                  key);
              sessions.add(
                  new Session(
                      id,
                      user,
                      name(user),
                      token(access, id, nonce, now, now.plus(TTL)),
                      token(refresh, id, nonce, now, null)));
            }
            statement.executeBatch();
          }
          return sessions;
        });
  }

  /// Codes that were just given out, each to a user of its own, for [Replica#exchange].
  public List<String> codes(int count) {
    return inTransaction((connection, now) -> codes(connection, users(connection, count, now), now))
        .stream()
        .map(Code::code)
        .toList();
  }

  /// Codes that one user was given in as many browsers.
  public List<Code> codesOfOneUser(int count) {
    return inTransaction(
        (connection, now) -> {
          var user = users(connection, 1, now).getFirst();
          return codes(connection, Collections.nCopies(count, user), now);
        });
  }

  /// A code, and whose device it leads to.
  public record Code(String code, UUID user, String username, String device) {}

  private List<Code> codes(Connection connection, List<UUID> users, Instant now)
      throws SQLException {
    var codes = new ArrayList<Code>();
    try (var session =
            connection.prepareStatement(
                "insert into latchkey.browser_sessions (id, user_id, created_at,"
                    + " authenticated_at, amr) values (?, ?, ?, ?, '{pwd}')");
        var grant =
            connection.prepareStatement(
                """
                insert into latchkey.authorization_grants (id, client_id, browser_session_id, code_digest, redirect_uri,
                       redirect_uri_given, response_mode, scope, code_challenge, created_at, fulfilled_at)
                values (?, ?, ?, ?, ?, true, 'query', ?, ?, ?, ?)
                """)) {
      var at = Timestamp.from(now);
      for (var user : users) {
        var browser = ids.next(now);
        add(session, browser, user, at, at);
        var code = new Code(randomness.alphanumeric(32), user, name(user), device(browser));
        add(
            grant,
            ids.next(now),
            CLIENT,
            browser,
            Digest.sha256(code.code()),
            World.REDIRECT_URI,
            World.scope(code.device()),
            World.challenge(),
            at,
            at);
        codes.add(code);
      }
      session.executeBatch();
      grant.executeBatch();
    }
    return codes;
  }

  /// Access tokens as another maker spells them, which nobody was given.
  public static List<String> foreign(int count) {
    var randomness = new Randomness();
    var tokens = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var text = "mat_" + HexFormat.of().formatHex(randomness.bytes(15));
      tokens.add(text + "_" + checkDigits(text));
    }
    return tokens;
  }

  private static String checkDigits(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    var digits = new StringBuilder();
    for (long rest = crc.getValue(); rest > 0; rest /= DIGITS.length()) {
      digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
    }
    return "0".repeat(6 - digits.length()) + digits;
  }

  /// Tokens nobody issued: of this server's shape and key id, under another key.
  public static List<String> forged(int count) {
    var randomness = new Randomness();
    var codec = codec(new TokenKey(1, randomness.bytes(32), null, false));
    var now = Instant.now();
    var tokens = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var session = new UUID(randomness.nextLong(), randomness.nextLong());
      var content = new TokenContent(TokenKind.OAUTH_ACCESS, session, 0, now, now.plus(TTL), i, 0);
      tokens.add(codec.encode(content, 1).reveal());
    }
    return tokens;
  }

  private List<UUID> users(Connection connection, int count, Instant now) throws SQLException {
    var users = new ArrayList<UUID>();
    try (var client =
            connection.prepareStatement(
                """
                insert into latchkey.clients (id, redirect_uris, grant_types, token_endpoint_auth_method, created_at)
                values (?, '{}', '{authorization_code,refresh_token}', 'none', ?) on conflict (id) do nothing
                """);
        var user =
            connection.prepareStatement(
                "insert into latchkey.users (id, username, created_at) values (?, ?, ?)")) {
      add(client, CLIENT, Timestamp.from(now));
      client.executeBatch();
      for (int i = 0; i < count; i++) {
        var id = ids.next(now);
        add(user, id, name(id), Timestamp.from(now));
        users.add(id);
      }
      user.executeBatch();
    }
    return users;
  }

  private <T> T inTransaction(Work<T> work) {
    try (var connection = postgres.database().getConnection()) {
      connection.setAutoCommit(false);
      var result = work.run(connection, Instant.now().truncatedTo(ChronoUnit.SECONDS));
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.addBatch();
  }

  private static String name(UUID user) {
    return "user-" + Ids.text(user).toLowerCase(Locale.ROOT);
  }

  private static String device(UUID id) {
    return "D" + Ids.text(id);
  }

  private static TokenCodec codec(TokenKey key) {
    return new TokenCodec(new TokenKeys(List.of(key)));
  }

  private String token(
      TokenKind kind, UUID session, long nonce, Instant issuedAt, Instant expiresAt) {
    return codec
        .encode(new TokenContent(kind, session, 0, issuedAt, expiresAt, nonce, 0), key)
        .reveal();
  }
}
