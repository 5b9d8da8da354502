package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever happens to the database, no answer of either replica is wrong, and sessions nobody
/// touched are answered throughout. Seconds each; all of them, and minutes each, with
/// `-Dlatchkey.soak=MINUTES`.
@Tag("slow")
class DatabaseOutageTest {
  private static final Duration CALM = Duration.ofSeconds(1);
  private static final Duration TROUBLE = Duration.ofSeconds(3);

  @RegisterExtension static final Replicas house = Replicas.open();

  private static Replica a;
  private static Replica b;
  private String title;

  /// What a test does in the middle of the traffic.
  private interface Trouble {
    void run(Traffic traffic) throws Exception;
  }

  @BeforeEach
  void two_replicas_run(TestInfo test) {
    title = test.getDisplayName();
    if (a == null) {
      a = house.start();
      b = house.start();
    }
    hears(a);
    hears(b);
  }

  @Test
  @Tag("soak")
  void nothing_happens() throws Exception {
    var report = under(_ -> Traffic.pause(Soak.time(TROUBLE)));

    assertThat(report.unavailable()).isEmpty();
    assertThat(report.count("changes")).isPositive();
  }

  @Test
  void it_is_stopped_and_started() throws Exception {
    var report =
        under(
            traffic ->
                cutOff(
                    traffic,
                    () -> {
                      house.postgres().stop();
                      Traffic.pause(Soak.time(TROUBLE));
                      house.postgres().begin();
                    }));

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  @Tag("soak")
  void it_is_killed_and_recovers() throws Exception {
    var report =
        under(
            traffic ->
                cutOff(
                    traffic,
                    () -> {
                      house.postgres().crash();
                      Traffic.pause(Soak.time(TROUBLE));
                      house.postgres().begin();
                    }));

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  void it_freezes_and_thaws() throws Exception {
    var report =
        under(
            traffic ->
                cutOff(
                    traffic,
                    () -> {
                      house.postgres().freeze();
                      Traffic.pause(Soak.time(TROUBLE.multipliedBy(2)));
                      house.postgres().thaw();
                    }));

    assertThat(report.unavailable()).isEmpty();
    assertThat(report.longest()).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  @Tag("soak")
  void it_flaps() throws Exception {
    var report =
        under(
            traffic -> {
              long until = System.nanoTime() + Soak.time(TROUBLE).toNanos();
              while (System.nanoTime() < until) {
                cutOff(
                    traffic,
                    () -> {
                      house.postgres().stop();
                      Traffic.pause(Duration.ofMillis(700));
                      house.postgres().begin();
                    });
                Traffic.pause(Duration.ofMillis(900));
              }
            });

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  void one_replica_loses_its_wire_while_the_other_changes_things() throws Exception {
    var report =
        under(
            traffic -> {
              try (var cut = traffic.cutOff(b)) {
                b.cable().cut();
                Traffic.pause(Soak.time(TROUBLE));
                b.cable().mend();
              }
            });

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  void one_replicas_wire_goes_dead_in_silence_and_comes_back() throws Exception {
    var report =
        under(
            traffic -> {
              try (var cut = traffic.cutOff(b)) {
                b.cable().freeze();
                Traffic.pause(Soak.time(TROUBLE.multipliedBy(2)));
                b.cable().thaw();
              }
            });

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  @Tag("soak")
  void the_listeners_are_cut_off_again_and_again() throws Exception {
    var report =
        under(
            _ -> {
              long until = System.nanoTime() + Soak.time(TROUBLE).toNanos();
              while (System.nanoTime() < until) {
                house
                    .postgres()
                    .sql(
                        "select pg_terminate_backend(pid) from pg_stat_activity where"
                            + " application_name = 'latchkey listener'");
                Traffic.pause(Duration.ofMillis(1500));
              }
            });

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  void a_listener_goes_deaf_in_silence_again_and_again() throws Exception {
    var report =
        under(
            _ -> {
              long until = System.nanoTime() + Soak.time(TROUBLE.multipliedBy(2)).toNanos();
              while (System.nanoTime() < until) {
                listenerPorts()
                    .forEach(
                        port -> {
                          a.cable().freezeLink(port);
                          b.cable().freezeLink(port);
                        });
                Traffic.pause(Duration.ofSeconds(6));
              }
            });

    assertThat(report.unavailable()).isEmpty();
  }

  @Test
  @Tag("soak")
  void a_replica_stands_still_for_a_while() throws Exception {
    var report =
        under(
            _ -> {
              b.freeze();
              Traffic.pause(Soak.isOn() ? Duration.ofMinutes(1) : TROUBLE);
              b.thaw();
              Traffic.pause(CALM);
            });

    // Nobody answers for it, for longer than its callers wait; the other one does not notice.
    assertThat(report.unavailable())
        .allMatch(words -> words.startsWith(b.name() + ": ") && words.contains("timed out"));
  }

  @Test
  void it_takes_no_writes_for_a_while() throws Exception {
    var report =
        under(
            _ -> {
              house.postgres().sql("alter system set default_transaction_read_only = on");
              house.postgres().sql("select pg_reload_conf()");
              Traffic.pause(Soak.time(TROUBLE));
              writable();
            });

    assertThat(report.unavailable()).isEmpty();
    assertThat(report.count("refreshes put off")).isPositive();
  }

  private static void writable() throws SQLException {
    try (var connection = house.postgres().database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      statement.execute("alter system reset default_transaction_read_only");
      statement.execute("select pg_reload_conf()");
    }
  }

  @Test
  void it_is_out_of_connections_and_ours_are_gone_too() throws Exception {
    var report =
        under(
            traffic ->
                cutOff(
                    traffic,
                    () -> {
                      var taken = new ArrayList<Connection>();
                      try {
                        takeAll(taken);
                        Traffic.pause(Soak.time(TROUBLE));
                      } finally {
                        for (var connection : taken) {
                          connection.close();
                        }
                      }
                    }));

    assertThat(report.unavailable()).isEmpty();
  }

  /// Takes what is free, throws Latchkey's out, and takes what that leaves.
  private static void takeAll(List<Connection> taken) throws SQLException {
    takeFree(taken);
    for (int round = 0; round < 20; round++) {
      try (var statement = taken.getFirst().createStatement()) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like"
                + " 'latchkey%'");
      }
      takeFree(taken);
    }
  }

  private static void takeFree(List<Connection> taken) {
    while (true) {
      try {
        taken.add(house.postgres().database().getConnection());
      } catch (SQLException e) {
        return;
      }
    }
  }

  /// Traffic, calm before and after; nothing in it is wrong.
  private Report under(Trouble trouble) throws Exception {
    try (var traffic = Traffic.begin(house, a, b)) {
      traffic.goOn();
      long began = System.nanoTime();
      trouble.run(traffic);
      hears(a);
      hears(b);
      traffic.settle(began);
      traffic.goOn();
      traffic.settle(began);
      var report = traffic.report();
      System.out.println("[outage] " + title + ": " + report);
      assertThat(report.wrong()).isEmpty();
      assertThat(report.count("answers")).isGreaterThan(100);
      assertThat(report.count("refreshes")).isPositive();
      assertThat(a.isAlive() && b.isAlive()).isTrue();
      return report;
    }
  }

  /// Neither replica can reach the database while this runs.
  private static void cutOff(Traffic traffic, ThrowingRunnable during) throws Exception {
    try (var _ = traffic.cutOff(a);
        var _ = traffic.cutOff(b)) {
      during.run();
    }
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  private static List<Integer> listenerPorts() throws SQLException {
    try (var connection = house.postgres().database().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select client_port from pg_stat_activity where application_name = 'latchkey"
                    + " listener'")) {
      var ports = new ArrayList<Integer>();
      while (rows.next()) {
        ports.add(rows.getInt(1));
      }
      return ports;
    }
  }

  private static void hears(Replica replica) {
    latchkey.world.World.within(
        Duration.ofSeconds(40), () -> replica.metric("latchkey_changes_hearing") == 1.0);
  }
}
