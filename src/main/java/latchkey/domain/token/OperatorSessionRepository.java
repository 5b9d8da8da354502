package latchkey.domain.token;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.crypto.Secret;
import latchkey.base.database.Transactions;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.CompatSessionRepository;
import latchkey.domain.session.CompatSessionRepository.Opening;
import latchkey.domain.session.FinishReason;
import latchkey.domain.user.UserTurnRepository;

/// Compat sessions that an operator makes on the command line, with the token that lives as long as
/// they do: plain JDBC, so that it works without the server. A server takes its tokens because it
/// knows the key, so only a key that some server has registered here is used.
public final class OperatorSessionRepository {
  private static final String SYNAPSE_ADMIN = "urn:synapse:admin:*";

  private final DataSource database;
  private final TokenKeys keys;
  private final AuditEventRepository audit;
  private final CompatSessionRepository sessions;

  public OperatorSessionRepository(DataSource database, TokenKeys keys, Clock clock, Ids ids) {
    this.database = database;
    this.audit = new AuditEventRepository(database, clock, ids);
    this.keys = keys;
    this.sessions = new CompatSessionRepository(database);
  }

  /// There is no key to make a token with.
  public static final class NoKey extends Exception {
    NoKey() {
      super(
          "no server has registered the token key of this configuration, or it was withdrawn; start"
              + " a server with it first");
    }
  }

  /// It was ended, or its key withdrawn, before it was open.
  public static final class Ended extends Exception {
    Ended() {
      super(
          "the session was ended, or the token key withdrawn, while it was being made; try again");
    }
  }

  /// A session to be.
  ///
  /// @param admin whether it may use the admin API of Synapse
  public record Wanted(UUID session, long nonce, UUID user, String device, boolean admin) {
    @Override
    public String toString() {
      return "Wanted[" + session + " on " + device + "]";
    }
  }

  /// Writes it down; its device counts from then on, and no token of it works yet.
  public void begin(Wanted wanted, Instant now) throws SQLException, NoKey {
    var api = MatrixScope.STABLE_API;
    var scope = Scope.of(wanted.admin() ? List.of(api, SYNAPSE_ADMIN) : List.of(api));
    sessions.begin(
        new Opening(
            wanted.session(),
            wanted.user(),
            null,
            null,
            scope,
            wanted.device(),
            wanted.nonce(),
            null,
            key(now).id(),
            null,
            null,
            null),
        now);
  }

  /// Ends what held the device before and opens the session, both or neither; its token.
  public Secret open(Wanted wanted, Instant now) throws SQLException, NoKey, Ended {
    var key = key(now);
    var issued = now.truncatedTo(ChronoUnit.SECONDS);
    Transactions.call(database, connection -> open(connection, wanted, key, now));
    var content =
        new TokenContent(
            TokenKind.COMPAT_ACCESS, wanted.session(), 0, issued, null, wanted.nonce(), 0);
    return new TokenCodec(keys).encode(content, key.id());
  }

  private boolean open(Connection connection, Wanted wanted, TokenKey key, Instant now)
      throws SQLException, Ended {
    UserTurnRepository.take(connection, wanted.user());
    takeDevice(connection, wanted, now);
    if (!open(connection, wanted.session(), key.id(), now.truncatedTo(ChronoUnit.SECONDS))) {
      throw new Ended();
    }
    audit.appendByAdmin(
        connection,
        "session_opened",
        wanted.user(),
        wanted.session(),
        new JsonObject().put("device_id", wanted.device()).put("admin", wanted.admin()));
    return true;
  }

  private TokenKey key(Instant now) throws SQLException, NoKey {
    var withdrawn = new TokenKeyRepository(database).withdrawn();
    var key = keys.minting(now, withdrawn).orElseThrow(NoKey::new);
    var sql = "select 1 from latchkey.token_keys where id = ? and check_value = ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, key.id());
      statement.setBytes(2, key.checkValue());
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          throw new NoKey();
        }
        return key;
      }
    }
  }

  private static void takeDevice(Connection connection, Wanted wanted, Instant now)
      throws SQLException {
    var sql =
        """
        update latchkey.oauth_sessions set finished_at = ?, finished_reason = ?
         where user_id = ? and device_id = ? and id <> ? and finished_at is null
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setString(2, FinishReason.DEVICE_REUSED.text());
      statement.setObject(3, wanted.user());
      statement.setString(4, wanted.device());
      statement.setObject(5, wanted.session());
      statement.executeUpdate();
    }
  }

  private static boolean open(Connection connection, UUID session, int key, Instant issued)
      throws SQLException {
    var sql =
        """
        update latchkey.oauth_sessions set opened_at = ?, issued_at = ?, token_key = ?
         where id = ? and opened_at is null and finished_at is null
           and not exists (select from latchkey.token_keys k where k.id = ? and k.withdrawn_at is not null)
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(issued));
      statement.setTimestamp(2, Timestamp.from(issued));
      statement.setInt(3, key);
      statement.setObject(4, session);
      statement.setInt(5, key);
      return statement.executeUpdate() == 1;
    }
  }

  /// It came to nothing.
  public void giveUp(UUID session, Instant now) throws SQLException {
    var sql =
        """
        update latchkey.oauth_sessions set finished_at = ?, finished_reason = ?
         where id = ? and opened_at is null and finished_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setString(2, FinishReason.NEVER_OPENED.text());
      statement.setObject(3, session);
      statement.executeUpdate();
    }
  }
}
