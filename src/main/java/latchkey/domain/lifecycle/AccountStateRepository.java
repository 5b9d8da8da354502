package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Transactions;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.AccountSessionsRepository;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SyncDevicesJob;
import latchkey.domain.user.UserJobs;
import latchkey.domain.user.UserTurnRepository;
import org.jspecify.annotations.Nullable;

/// Locks accounts, deactivates them, and back again, for the command line: plain JDBC, one
/// transaction a call, with the jobs that tell the homeserver. Servers hear of it from the
/// database.
public final class AccountStateRepository {
  private final DataSource database;
  private final Jobs jobs;
  private final AccountSessionsRepository sessions;
  private final AuditEventRepository audit;
  private final Clock clock;

  public AccountStateRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.jobs = new Jobs(database, clock, ids);
    this.sessions = new AccountSessionsRepository(database, clock, ids);
    this.audit = new AuditEventRepository(database, clock, ids);
    this.clock = clock;
  }

  /// One that is locked already keeps the time since when.
  public void lock(UUID user) throws SQLException {
    inTransaction(
        connection -> {
          lock(connection, user);
          tell(connection, "user_locked", user, new JsonObject());
        });
  }

  private void lock(Connection connection, UUID user) throws SQLException {
    UserTurnRepository.take(connection, user);
    run(
        connection,
        "update latchkey.users set locked_at = coalesce(locked_at, ?) where id = ?",
        Timestamp.from(clock.instant()),
        user);
    // Whoever locks has the last word: the end of a hold, which a provider decides, does not undo
    // it.
    run(
        connection,
        "update latchkey.upstream_links set held_at = null where user_id = ? and held_at is not null",
        user);
    jobs.schedule(connection, UserJobs.PROVISION_USER, user);
  }

  /// A deactivation stays: [#isDeactivated] tells.
  public void unlock(UUID user) throws SQLException {
    inTransaction(
        connection -> {
          unlock(connection, user);
          jobs.schedule(connection, UserJobs.PROVISION_USER, user);
          tell(connection, "user_unlocked", user, new JsonObject());
        });
  }

  private void unlock(Connection connection, UUID user) throws SQLException {
    UserTurnRepository.take(connection, user);
    run(connection, "update latchkey.users set locked_at = null where id = ?", user);
    // Whoever unlocks has the last word too: the provider that held the account is not asked about
    // them again before they come from there.
    run(
        connection,
        """
        with freed as (
          update latchkey.upstream_links set held_at = null, gone_at = null
           where user_id = ? and held_at is not null returning id)
        update latchkey.upstream_sessions s set revalidate_at = null, encrypted_refresh_token = null
          from freed where s.link_id = freed.id
        """,
        user);
  }

  /// Locks it, ends its sessions, takes its addresses and app passwords away and marks it as
  /// deactivated, all at once; the homeserver follows. Said again, it counts from now: a
  /// reactivation asked for before is over.
  ///
  /// @param erase whether the homeserver hides what the user wrote
  public void deactivate(UUID user, boolean erase) throws SQLException {
    inTransaction(
        connection -> {
          lock(connection, user);
          run(
              connection,
              "update latchkey.users set deactivated_at = ? where id = ?",
              Timestamp.from(clock.instant()),
              user);
          run(
              connection,
              "update latchkey.app_passwords set revoked_at = ? where user_id = ? and revoked_at is null",
              Timestamp.from(clock.instant()),
              user);
          int ended = sessions.endAll(connection, user, FinishReason.DEACTIVATED);
          run(connection, "delete from latchkey.user_emails where user_id = ?", user);
          jobs.schedule(connection, UserJobs.DEACTIVATE_USER, user, erase);
          // A reactivation that overtakes it must not leave the devices of what ended here.
          jobs.schedule(connection, SyncDevicesJob.KIND, user);
          tell(
              connection,
              "user_deactivated",
              user,
              new JsonObject().put("erase", erase).put("sessions_ended", ended));
        });
  }

  public boolean isDeactivated(UUID user) throws SQLException {
    var sql = "select deactivated_at is not null from latchkey.users where id = ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /// Unlocks it, and asks for its reactivation, which takes place once the homeserver has done so.
  public void reactivate(UUID user) throws SQLException {
    inTransaction(
        connection -> {
          unlock(connection, user);
          jobs.schedule(connection, UserJobs.PROVISION_USER, user);
          jobs.schedule(connection, UserJobs.REACTIVATE_USER, user);
          tell(connection, "user_reactivation_asked", user, new JsonObject());
        });
  }

  /// Tells the homeserver about every account anew, and which devices it has; answers how many.
  public int provisionAll() throws SQLException {
    var users = new ArrayList<UUID>();
    inTransaction(
        connection -> {
          try (var statement =
                  connection.prepareStatement("select id from latchkey.users order by id");
              var rows = statement.executeQuery()) {
            while (rows.next()) {
              users.add(rows.getObject(1, UUID.class));
            }
          }
          jobs.scheduleEach(connection, UserJobs.PROVISION_USER, users);
          jobs.scheduleEach(connection, SyncDevicesJob.KIND, users);
        });
    return users.size();
  }

  private void tell(Connection connection, String kind, UUID user, JsonObject details)
      throws SQLException {
    audit.appendByAdmin(connection, kind, user, null, details);
  }

  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  private void inTransaction(Work work) throws SQLException {
    Transactions.call(
        database,
        connection -> {
          work.run(connection);
          return true;
        });
  }

  private static void run(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
