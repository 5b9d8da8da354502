package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Which devices sessions hold. A session that is still opening counts, as long as that can be
/// under way.
@Singleton
public class SessionDevicesRepository {
  /// A code lives a minute and its lease half of one; past this an opening session was given up.
  static final Duration OPENING = Duration.ofMinutes(10);

  private static final String HELD =
      """
       from latchkey.oauth_sessions
      where user_id = ? and device_id is not null and finished_at is null
        and (opened_at is not null or created_at > ?)
      """;

  private final DataSource database;

  public SessionDevicesRepository(DataSource database) {
    this.database = database;
  }

  boolean isHeld(UUID user, String device, Instant now) throws SQLException {
    return devices(user, now).contains(device);
  }

  List<String> devices(UUID user, Instant now) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement("select distinct device_id" + HELD)) {
      statement.setObject(1, user);
      statement.setTimestamp(2, Timestamp.from(now.minus(OPENING)));
      try (var rows = statement.executeQuery()) {
        var devices = new ArrayList<String>();
        while (rows.next()) {
          devices.add(rows.getString(1));
        }
        return devices;
      }
    }
  }

  /// Nothing may be taken away while this database is known to lack sessions that no admin has
  /// given up: any of them may hold the device. A token says which session is missing, not whose it
  /// was, so this goes for all users.
  ///
  /// @throws IllegalStateException as the reason for a job to come back later
  void requireNothingLost() throws SQLException {
    if (hasUnacceptedLoss()) {
      throw new IllegalStateException(
          "sessions are missing from this database; devices stay until `latchkey manage"
              + " accept-loss`");
    }
  }

  /// Whether rows are missing that nobody has given up yet.
  public boolean hasUnacceptedLoss() throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select exists (select from latchkey.lost_sessions where accepted_at is null and"
                    + " deleted_at is null)");
        var rows = statement.executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    }
  }
}
