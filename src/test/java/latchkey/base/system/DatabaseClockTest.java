package latchkey.base.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final DatabaseClock clock = new DatabaseClock();

  @Test
  void a_database_that_agrees_moves_nothing() {
    ping(NOON.plusMillis(3), 0, 5);

    assertThat(clock.offset()).isZero();
  }

  @Test
  void a_fast_answer_corrects_to_within_its_round_trip() {
    ping(NOON.plusSeconds(60), 0, 2);

    assertThat(clock.offset()).isBetween(Duration.ofMillis(59_998), Duration.ofMillis(60_000));
  }

  @Test
  void a_slow_answer_does_not_spoil_what_a_fast_one_taught() {
    ping(NOON.plusSeconds(60), 0, 2);
    var learnt = clock.offset();

    ping(NOON.plusSeconds(60).plusMillis(1_990), 0, 2_000);
    assertThat(clock.offset()).isEqualTo(learnt);
    ping(NOON.plusSeconds(60).plusMillis(10), 0, 2_000);
    assertThat(clock.offset()).isEqualTo(learnt);
  }

  @Test
  void the_offset_moves_no_further_than_it_is_proven_wrong() {
    ping(NOON.plusSeconds(10), 0, 4);
    var before = clock.offset();

    ping(NOON.plusMillis(10_100), 0, 20);

    assertThat(clock.offset()).isEqualTo(Duration.ofMillis(10_080)).isGreaterThan(before);
  }

  @Test
  void a_clock_set_back_while_the_answer_was_under_way_teaches_nothing() {
    ping(NOON.plusSeconds(60), 0, 2);
    var learnt = clock.offset();

    ping(NOON.plusSeconds(60), 1_000, -3_600_000);

    assertThat(clock.offset()).isEqualTo(learnt);
  }

  @Test
  void after_a_step_of_either_clock_the_next_answer_is_followed() {
    ping(NOON.plusSeconds(60), 0, 2);

    ping(NOON.minusSeconds(30), 0, 2);

    assertThat(clock.offset()).isBetween(Duration.ofMillis(-30_002), Duration.ofMillis(-30_000));
  }

  /// @param sent in milliseconds of this machine after noon
  private void ping(Instant database, long sent, long received) {
    clock.adjust(database, NOON.plusMillis(sent), NOON.plusMillis(received));
  }
}
