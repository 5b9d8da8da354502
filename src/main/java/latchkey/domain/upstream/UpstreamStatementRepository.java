package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/// Statements of this package's repositories, within the caller's transaction: what Hibernate holds
/// back, such as a browser session opened a moment ago, is written first.
@Singleton
class UpstreamStatementRepository {
  private final EntityManager entities;

  UpstreamStatementRepository(EntityManager entities) {
    this.entities = entities;
  }

  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// How many rows were changed.
  ///
  /// @param values in the order of the question marks; null for an unknown text
  int change(String sql, @Nullable Object... values) {
    return run(sql, PreparedStatement::executeUpdate, values);
  }

  <T> List<T> query(String sql, Reader<T> reader, @Nullable Object... values) {
    return run(
        sql,
        statement -> {
          try (var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) {
              found.add(reader.read(rows));
            }
            return found;
          }
        },
        values);
  }

  private interface Work<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(String sql, Work<T> work, @Nullable Object... values) {
    entities.flush();
    return entities
        .unwrap(Session.class)
        .doReturningWork(
            connection -> {
              try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                  bind(statement, i + 1, values[i]);
                }
                return work.run(statement);
              }
            });
  }

  private static void bind(PreparedStatement statement, int position, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(position, Types.NULL);
      case Instant instant -> statement.setTimestamp(position, Timestamp.from(instant));
      case UUID id -> statement.setObject(position, id);
      case Integer number -> statement.setInt(position, number);
      case Boolean truth -> statement.setBoolean(position, truth);
      case String text -> statement.setString(position, text);
      case List<?> texts ->
          statement.setArray(
              position, statement.getConnection().createArrayOf("text", texts.toArray()));
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }
}
