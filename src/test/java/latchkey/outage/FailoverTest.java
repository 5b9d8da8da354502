package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import latchkey.world.Cable;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The database dies and its standby takes over on another port, under traffic.
@Tag("soak")
class FailoverTest {
  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration LOST = Duration.ofSeconds(1);

  @Test
  void with_a_synchronous_standby_nothing_is_lost() throws Exception {
    failOver(true);
  }

  @Test
  void with_a_standby_a_second_behind_no_client_is_lost() throws Exception {
    failOver(false);
  }

  private static void failOver(boolean synchronous) throws Exception {
    try (var house = Replicas.open()) {
      var a = house.start();
      var b = house.start();
      var primary = house.postgres();
      try (var wire = new Cable(primary.port());
          var standby = primary.standby(wire)) {
        World.within(
            Duration.ofSeconds(20),
            () ->
                primary.number("select count(*) from pg_stat_replication where state = 'streaming'")
                    == 1);
        if (synchronous) {
          primary.sql("alter system set synchronous_standby_names = 'standby'");
          primary.sql("select pg_reload_conf()");
        }
        try (var traffic = Traffic.begin(house, a, b)) {
          Traffic.pause(CALM);
          long lostSince = System.nanoTime();
          if (!synchronous) {
            wire.cut();
            Traffic.pause(LOST);
          }
          long crashed = System.nanoTime();
          try (var _ = traffic.cutOff(a);
              var _ = traffic.cutOff(b)) {
            primary.crash();
            Traffic.pause(Soak.time(Duration.ofSeconds(3)));
            standby.promote();
            house.moveTo(standby);
            traffic.settle(synchronous ? crashed : lostSince);
          }
          hears(a);
          hears(b);
          Traffic.pause(CALM.multipliedBy(2));
          traffic.settle(crashed);

          var report = traffic.report();
          System.out.println(
              "[outage] failover, "
                  + (synchronous ? "synchronous: " : "losing a second: ")
                  + report);
          assertThat(report.wrong()).isEmpty();
          assertThat(report.unavailable()).isEmpty();
          assertThat(report.count("refreshes")).isPositive();
        }
      }
    }
  }

  private static void hears(Replica replica) {
    World.within(Duration.ofSeconds(40), () -> replica.metric("latchkey_changes_hearing") == 1.0);
  }
}
