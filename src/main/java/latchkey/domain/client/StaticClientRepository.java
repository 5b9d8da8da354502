package latchkey.domain.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.domain.client.ClientsConfig.StaticClient;
import org.jspecify.annotations.Nullable;

/// The clients of the configuration in the table `clients`. Plain JDBC in the caller's transaction,
/// so that it works on the command line too.
public final class StaticClientRepository {
  /// What storing a client came to.
  public enum Stored {
    ADDED,
    UPDATED,
    UNCHANGED
  }

  private static final String UPSERT =
      """
      insert into latchkey.clients as c (id, encrypted_client_secret, application_type, redirect_uris, grant_types,
             response_types, client_name, client_uri, jwks, jwks_uri, token_endpoint_auth_method, is_static, created_at)
      values (?, ?, 'web', ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?, true, ?)
      on conflict (id) do update set metadata_digest = null,
             encrypted_client_secret = excluded.encrypted_client_secret, redirect_uris = excluded.redirect_uris,
             grant_types = excluded.grant_types, response_types = excluded.response_types,
             client_name = excluded.client_name, client_uri = excluded.client_uri, jwks = excluded.jwks,
             jwks_uri = excluded.jwks_uri, token_endpoint_auth_method = excluded.token_endpoint_auth_method,
             is_static = true
       where (c.is_static, c.encrypted_client_secret, c.redirect_uris, c.grant_types, c.response_types,
              c.client_name, c.client_uri, c.jwks, c.jwks_uri, c.token_endpoint_auth_method)
             is distinct from
             (true, excluded.encrypted_client_secret, excluded.redirect_uris, excluded.grant_types,
              excluded.response_types, excluded.client_name, excluded.client_uri, excluded.jwks,
              excluded.jwks_uri, excluded.token_endpoint_auth_method)
      returning xmax = 0 as added
      """;

  private final Encryption encryption;

  public StaticClientRepository(Encryption encryption) {
    this.encryption = encryption;
  }

  public Stored store(Connection connection, StaticClient client, Instant now) throws SQLException {
    var secret = client.secret().orElse(null);
    var sealed = secret == null ? null : sealed(secret, storedSecret(connection, client.id()));
    try (var statement = connection.prepareStatement(UPSERT)) {
      statement.setObject(1, client.id());
      statement.setString(2, sealed);
      setTexts(statement, 3, client.redirectUris());
      setTexts(statement, 4, GrantType.ALL);
      setTexts(statement, 5, List.of("code"));
      statement.setString(6, client.name().orElse(null));
      statement.setString(7, client.uri().orElse(null));
      statement.setString(8, client.jwks().orElse(null));
      statement.setString(9, client.jwksUri().orElse(null));
      statement.setString(10, client.authMethod());
      statement.setTimestamp(11, Timestamp.from(now));
      try (var rows = statement.executeQuery()) {
        return !rows.next()
            ? Stored.UNCHANGED
            : rows.getBoolean("added") ? Stored.ADDED : Stored.UPDATED;
      }
    }
  }

  /// The clients of earlier configurations that are not among these.
  public List<UUID> others(Connection connection, Collection<UUID> configured) throws SQLException {
    var sql = "select id from latchkey.clients where is_static and id <> all (?) order by id";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", configured.toArray()));
      try (var rows = statement.executeQuery()) {
        var others = new ArrayList<UUID>();
        while (rows.next()) {
          others.add(rows.getObject(1, UUID.class));
        }
        return others;
      }
    }
  }

  /// Keeps new sessions and grants of the client away until the transaction ends.
  public void lock(Connection connection, UUID client) throws SQLException {
    run(connection, "select id from latchkey.clients where id = ? for update", client);
  }

  /// Deletes a client without sessions, with the grants it left.
  public void delete(Connection connection, UUID client) throws SQLException {
    run(connection, "delete from latchkey.clients where id = ?", client);
  }

  private static void run(Connection connection, String sql, UUID client) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, client);
      statement.execute();
    }
  }

  private static @Nullable String storedSecret(Connection connection, UUID client)
      throws SQLException {
    var sql = "select encrypted_client_secret from latchkey.clients where id = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, client);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  /// A secret is encrypted differently each time; one that is stored already stays as it is.
  private String sealed(Secret secret, @Nullable String stored) {
    try {
      if (stored != null && encryption.decrypt(stored).equals(secret)) {
        return stored;
      }
    } catch (IllegalStateException e) {
      // Stored under another secrets.encryption, and of no use any more.
    }
    return encryption.encrypt(secret);
  }

  private static void setTexts(PreparedStatement statement, int index, List<String> texts)
      throws SQLException {
    statement.setArray(index, statement.getConnection().createArrayOf("text", texts.toArray()));
  }
}
