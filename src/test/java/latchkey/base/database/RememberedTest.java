package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.database.Remembered.Answer;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Randomness;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RememberedTest {
  private static final UUID ID = new UUID(1, 1);
  private static final UUID OWNER = new UUID(2, 2);
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final MovableClock machine = new MovableClock();
  private final Hearing hearing = new Hearing(new DatabaseClock(machine), new Randomness());
  private final Changes changes = new Changes(hearing);
  private final DatabaseState database = new DatabaseState();
  private final Table table = new Table();
  private final Remembered<String> rows =
      new Remembered<>(
          "rows",
          1 << 20,
          table,
          changes,
          database,
          new StaleIfError(LIMIT),
          new SimpleMeterRegistry());

  /// Rows in a map, slow and broken as a test likes it.
  private static final class Table implements Remembered.Source<String> {
    private final Map<UUID, String> rows = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Semaphore began = new Semaphore(0);
    private volatile CountDownLatch answer = new CountDownLatch(0);
    private volatile boolean broken;

    @Override
    public Optional<String> read(UUID id) throws SQLException {
      reads.incrementAndGet();
      var found = Optional.ofNullable(rows.get(id));
      var gate = answer;
      began.release();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new SQLException(e);
      }
      if (broken) {
        throw new SQLException("broken", "08006");
      }
      return found;
    }

    @Override
    public UUID[] dependsOn(UUID id, String row) {
      return new UUID[] {id, OWNER};
    }

    @Override
    public int weight(String row) {
      return 1;
    }
  }

  @BeforeEach
  void a_database_is_there_and_heard() {
    table.rows.put(ID, "old");
    database.becameReady();
    changes.listening();
    pingComesBack();
  }

  @Test
  void a_row_is_read_once_while_nothing_changes() {
    assertThat(find()).isEqualTo("old");
    table.rows.put(ID, "new");

    assertThat(find()).isEqualTo("old");
    assertThat(table.reads).hasValue(1);
  }

  @Test
  void a_change_of_the_row_or_of_what_it_depends_on_has_it_read_again() {
    find();
    table.rows.put(ID, "new");
    changes.changed(ID);
    assertThat(find()).isEqualTo("new");

    table.rows.put(ID, "newer");
    changes.changed(OWNER);
    assertThat(find()).isEqualTo("newer");

    changes.changed(new UUID(9, 9));
    find();
    assertThat(table.reads).hasValue(3);
  }

  @Test
  void while_nothing_is_heard_every_question_reads() {
    hearing.nothing();

    find();
    find();

    assertThat(table.reads).hasValue(2);
  }

  @Test
  void a_machine_that_slept_does_not_trust_its_last_ping() {
    find();
    machine.advance(Duration.ofMinutes(1));

    find();

    assertThat(table.reads).hasValue(2);
  }

  @Test
  void a_query_that_loses_against_a_notification_is_not_kept() throws Exception {
    var gate = table.answer = new CountDownLatch(1);
    var asked = ask();
    table.began.acquire();
    table.rows.put(ID, "new");
    changes.changed(OWNER);
    gate.countDown();
    asked.get();

    assertThat(find()).isEqualTo("new");
  }

  @Test
  void who_comes_after_a_change_is_not_told_what_a_query_before_it_found() throws Exception {
    for (var changed : List.of(ID, OWNER)) {
      table.rows.put(ID, "old");
      changes.changed(ID);
      var gate = table.answer = new CountDownLatch(1);
      var early = ask();
      table.began.acquire();
      table.rows.put(ID, "new");
      changes.changed(changed);

      var late = ask();
      Thread.sleep(20);
      table.answer = new CountDownLatch(0);
      gate.countDown();

      assertThat(late.get()).isEqualTo("new");
      early.get();
      table.began.drainPermits();
    }
  }

  @Test
  void all_who_wait_share_one_query() throws Exception {
    var gate = table.answer = new CountDownLatch(1);
    var asked = new ArrayList<Future<String>>();
    for (int i = 0; i < 50; i++) {
      asked.add(ask());
    }
    table.began.acquire();
    Thread.sleep(50);
    gate.countDown();

    for (var answer : asked) {
      assertThat(answer.get()).isEqualTo("old");
    }
    assertThat(table.reads).hasValue(1);
  }

  @Test
  void after_listening_began_again_a_row_is_read_again_and_is_the_last_known_if_that_fails() {
    find();
    hearing.nothing();
    changes.listening();
    pingComesBack();
    table.broken = true;

    assertThat(find()).isEqualTo("old");
    assertThat(table.reads).hasValue(2);
    table.broken = false;
    table.rows.put(ID, "new");
    assertThat(find()).isEqualTo("new");
  }

  @Test
  void what_is_known_to_have_changed_does_not_stand_in() {
    find();
    changes.changed(OWNER);
    database.becameAway(System.nanoTime());

    assertThat(rows.find(ID)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void the_last_known_row_stands_in_for_the_time_allowed_from_when_the_database_was_lost() {
    find();
    hearing.nothing();

    database.becameAway(System.nanoTime());
    assertThat(find()).isEqualTo("old");
    database.becameReady();
    find();
    database.becameAway(System.nanoTime() - LIMIT.toNanos());

    assertThat(rows.find(ID)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void a_query_that_hangs_is_given_up_when_the_database_is_known_to_be_away() throws Exception {
    find();
    hearing.nothing();
    var gate = table.answer = new CountDownLatch(1);
    var asked = ask();
    table.began.acquire(2);

    database.becameAway(System.nanoTime());

    assertThat(asked.get()).isEqualTo("old");
    gate.countDown();
  }

  @Test
  void nobody_tells_of_rows_that_are_added_so_a_missing_one_is_soon_looked_for_again() {
    table.rows.clear();
    assertThat(rows.find(ID)).isInstanceOf(Answer.Missing.class);
    assertThat(rows.find(ID)).isInstanceOf(Answer.Missing.class);
    assertThat(table.reads).hasValue(1);
    database.becameAway(System.nanoTime());
    hearing.nothing();

    assertThat(rows.find(ID)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void more_changes_than_are_kept_count_as_a_change_of_everything_older() {
    find();
    for (int i = 0; i < 150_000; i++) {
      changes.changed(new UUID(7, i));
    }
    pingComesBack();

    find();
    find();

    assertThat(table.reads).hasValue(2);
  }

  private void pingComesBack() {
    hearing.heard(hearing.send());
  }

  private String find() {
    return rows.find(ID) instanceof Answer.Known<String>(var row) ? row : "";
  }

  private Future<String> ask() {
    var task = new FutureTask<>(this::find);
    Thread.ofVirtual().start(task);
    return task;
  }
}
