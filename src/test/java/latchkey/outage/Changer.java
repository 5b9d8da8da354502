package latchkey.outage;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder.Session;

/// Ends sessions and locks users, by SQL and over HTTP, and says in [Truth] what it did.
final class Changer {
  private final Traffic traffic;
  private final Replicas house;
  private final List<Replica> replicas;
  private final List<Session> changing;
  private final Truth truth;
  private final Map<UUID, Boolean> finished = new ConcurrentHashMap<>();
  private final ReentrantLock oneAtATime = new ReentrantLock();

  Changer(
      Traffic traffic,
      Replicas house,
      List<Replica> replicas,
      List<Session> changing,
      Truth truth) {
    this.traffic = traffic;
    this.house = house;
    this.replicas = replicas;
    this.changing = changing;
    this.truth = truth;
  }

  /// Locks and unlocks most, ends a few, each by the way chance chooses.
  void change(Random random) {
    oneAtATime.lock();
    try {
      changeOne(random);
    } finally {
      oneAtATime.unlock();
    }
    Traffic.pause(Duration.ofMillis(10));
  }

  private void changeOne(Random random) {
    var session = changing.get(random.nextInt(changing.size()));
    if (truth.isOpen(session.id())) {
      return;
    }
    boolean usable = truth.last(session.id());
    int way = random.nextInt(40);
    if (way == 0 && usable) {
      end(session, replicas.get(random.nextInt(replicas.size())));
    } else if (way == 1) {
      bySql(
          session,
          false,
          "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked'"
              + " where finished_at is null and id = '"
              + session.id()
              + "'");
    } else if (usable) {
      bySql(
          session,
          false,
          "update latchkey.users set locked_at = now() where id = '" + session.user() + "'");
    } else if (!isFinished(session)) {
      bySql(
          session,
          true,
          "update latchkey.users set locked_at = null where id = '" + session.user() + "'");
    }
  }

  /// See [Traffic#settle].
  void settle(long since) throws SQLException {
    oneAtATime.lock();
    try {
      for (var session : changing) {
        boolean usable = isUsable(house.postgres().database(), session);
        if (truth.isOpen(session.id()) || truth.last(session.id()) != usable) {
          truth.found(session.id(), usable, since);
        }
      }
    } finally {
      oneAtATime.unlock();
    }
  }

  private boolean isFinished(Session session) {
    return finished.containsKey(session.id());
  }

  private void end(Session session, Replica replica) {
    finished.put(session.id(), true);
    var change = truth.begin(session.id(), false);
    try {
      if (replica.revoke(session.access()).status() == 200) {
        change.done();
        traffic.count("changes");
      }
    } catch (UncheckedIOException e) {
      traffic.count("changes in doubt");
    }
  }

  private void bySql(Session session, boolean usable, String sql) {
    if (sql.contains("finished_at")) {
      finished.put(session.id(), true);
    }
    var change = truth.begin(session.id(), usable);
    try (var connection = house.postgres().database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
      change.done();
      traffic.count("changes");
    } catch (SQLException e) {
      traffic.count("changes in doubt");
      if ("25006".equals(e.getSQLState()) || "53300".equals(e.getSQLState())) {
        truth.undo(session.id(), change);
      }
      Traffic.pause(Duration.ofMillis(50));
    }
  }

  private static boolean isUsable(DataSource database, Session session) throws SQLException {
    var sql =
        """
        select s.finished_at is null and u.locked_at is null from latchkey.oauth_sessions s
          join latchkey.users u on u.id = s.user_id where s.id = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, session.id());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
