package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.FutureTask;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder.Session;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is changed in one place is refused in another: at once where it was changed, within a
/// second elsewhere. The distribution is printed.
@Tag("slow")
class AcrossReplicasTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  @RegisterExtension static final Replicas house = Replicas.open();

  private static Replica a;
  private static Replica b;

  @BeforeAll
  static void two_replicas_run() {
    a = house.start();
    b = house.start();
    hears(a);
    hears(b);
  }

  /// One way to end what a session can do.
  private interface Way {
    void end(Session session) throws Exception;
  }

  @Test
  void a_change_holds_within_a_second_on_the_other_replica_however_it_is_made() throws Exception {
    int many = Soak.count(50, 2000);
    var ways = new LinkedHashMap<String, Way>();
    ways.put(
        "revoked on the other replica",
        session -> assertThat(a.revoke(session.access()).status()).isEqualTo(200));
    ways.put(
        "finished by SQL",
        session ->
            house
                .postgres()
                .sql(
                    "update latchkey.oauth_sessions set finished_at = now(), finished_reason ="
                        + " 'revoked' where id = '"
                        + session.id()
                        + "'"));
    ways.put(
        "user locked by SQL",
        session ->
            house
                .postgres()
                .sql(
                    "update latchkey.users set locked_at = now() where id = '"
                        + session.user()
                        + "'"));
    ways.put(
        "closed by SQL",
        session ->
            house
                .postgres()
                .sql(
                    "update latchkey.oauth_sessions set opened_at = null where id = '"
                        + session.id()
                        + "'"));

    var table = new LinkedHashMap<String, List<Long>>();
    for (var way : ways.entrySet()) {
      table.put(way.getKey(), measure(b, way.getValue(), house.seeder().sessions(many)));
    }
    table.put(
        "manage lock-user",
        measureVerb(b, "lock-user", "select locked_at from latchkey.users where id = ?"));
    table.put(
        "manage kill-sessions",
        measureVerb(
            b,
            "kill-sessions",
            "select max(finished_at) from latchkey.oauth_sessions where user_id = ?"));

    table.forEach((way, times) -> System.out.println("[across] " + way + ": " + line(times)));
    assertThat(table.values())
        .allSatisfy(times -> assertThat(Collections.max(times)).isLessThan(LIMIT.toNanos()));
  }

  @Test
  void on_the_replica_that_made_the_change_it_holds_at_once() {
    for (var session : house.seeder().sessions(200)) {
      assertThat(a.introspect(session.access()).isActive()).isTrue();

      assertThat(a.revoke(session.access()).status()).isEqualTo(200);

      assertThat(a.introspect(session.access()).isActive()).isFalse();
    }
  }

  /// How long after the change was answered for the replica still calls the session active.
  private static List<Long> measure(Replica elsewhere, Way way, List<Session> sessions)
      throws Exception {
    var times = new ArrayList<Long>();
    for (var session : sessions) {
      assertThat(elsewhere.introspect(session.access()).isActive()).isTrue();
      way.end(session);
      long done = System.nanoTime();
      long asked = done;
      while (elsewhere.introspect(session.access()).isActive()) {
        asked = System.nanoTime();
        assertThat(asked - done).isLessThan(Duration.ofSeconds(10).toNanos());
      }
      times.add(asked - done);
    }
    return times;
  }

  /// The process of a verb ends long after its change. So the time runs from the moment the verb
  /// wrote down, before it committed, to the first refusal.
  private static List<Long> measureVerb(Replica elsewhere, String verb, String changedAt)
      throws Exception {
    var times = new ArrayList<Long>();
    for (var session : house.seeder().sessions(Soak.count(2, 50))) {
      assertThat(elsewhere.introspect(session.access()).isActive()).isTrue();
      var exit = new FutureTask<>(() -> house.verb("manage", verb, session.username()));
      Thread.ofVirtual().start(exit);
      World.within(
          Duration.ofSeconds(60), () -> !elsewhere.introspect(session.access()).isActive());
      var refused = Instant.now();
      assertThat(exit.get()).isZero();
      times.add(Duration.between(at(changedAt, session), refused).toNanos());
    }
    return times;
  }

  private static Instant at(String sql, Session session) throws SQLException {
    try (var connection = house.postgres().database().getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, session.user());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getTimestamp(1).toInstant();
      }
    }
  }

  private static String line(List<Long> times) {
    var sorted = times.stream().sorted().toList();
    return "%d changes, still active after %.1f ms (p50) %.1f ms (p99) %.1f ms (longest)"
        .formatted(sorted.size(), ms(sorted, 50), ms(sorted, 99), ms(sorted, 100));
  }

  private static double ms(List<Long> sorted, int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1e6;
  }

  private static void hears(Replica replica) {
    World.within(Duration.ofSeconds(40), () -> replica.metric("latchkey_changes_hearing") == 1.0);
  }
}
