package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A flood of tokens that nobody issued costs no SQL and leaves nothing behind.
@Tag("slow")
class ForgedTokensTest {
  private static final int FLOOD = Soak.count(10_000, 1_000_000);
  private static final int FOREIGN = Soak.count(5_000, 300_000);
  private static final int AT_ONCE = 16;
  private static final int CHUNK = 5_000;

  @RegisterExtension static final Replicas house = Replicas.open();

  private Replica latchkey;

  @BeforeEach
  void a_new_one_runs() {
    latchkey = house.start();
    World.within(Duration.ofSeconds(40), () -> latchkey.metric("latchkey_changes_hearing") == 1.0);
  }

  @AfterEach
  void it_ends() {
    latchkey.kill();
  }

  @Test
  @Timeout(3600)
  void a_flood_of_forged_tokens_asks_the_database_nothing_and_leaves_nothing_behind()
      throws Exception {
    flood(CHUNK, Seeder::forged);
    long memory = memory();
    double entries = latchkey.metric("latchkey_remembered_entries");
    double lookups = latchkey.metric("latchkey_remembered_lookups_total");
    long began = System.nanoTime();
    long messages = latchkey.cable().messages();

    flood(FLOOD, Seeder::forged);

    long sent = latchkey.cable().messages() - messages;
    double seconds = (System.nanoTime() - began) / 1e9;
    long grown = memory() - memory;
    System.out.printf(
        "[forged] %d tokens in %.1f s (%.0f/s): %d messages to the database, memory %+d MiB%n",
        FLOOD, seconds, FLOOD / seconds, sent, grown);
    assertThat(latchkey.metric("latchkey_remembered_entries")).isEqualTo(entries);
    assertThat(latchkey.metric("latchkey_remembered_lookups_total")).isEqualTo(lookups);
    // A ping a second and the look for jobs are on the wire as well.
    assertThat(sent).isLessThan(50 + (long) (10 * seconds));
    assertThat(grown).isLessThan(100);
  }

  /// Tokens of another maker are found by their digest only, so a made up one costs a look.
  @Test
  @Timeout(3600)
  void a_flood_of_made_up_tokens_of_another_maker_is_bounded_and_keeps_nobody_waiting()
      throws Exception {
    var honest = house.seeder().session();
    flood(CHUNK, Seeder::foreign);
    long memory = memory();
    var again = Seeder.foreign(100);
    again.forEach(latchkey::introspect);
    long messages = latchkey.cable().messages();
    again.forEach(latchkey::introspect);
    long repeated = latchkey.cable().messages() - messages;

    var slowest = new AtomicLong();
    var asker =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Thread.interrupted()) {
                    long began = System.nanoTime();
                    assertThat(latchkey.introspect(honest.access()).isActive()).isTrue();
                    assertThat(latchkey.refresh(Seeder.CLIENT_ID, honest.refresh()).status())
                        .isEqualTo(200);
                    slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
                  }
                });
    flood(FOREIGN, Seeder::foreign);
    boolean stillAsking = asker.isAlive();
    asker.interrupt();
    asker.join();

    long grown = memory() - memory;
    System.out.printf(
        "[forged] %d of another maker: memory %+d MiB, an honest client waited %d ms%n",
        FOREIGN, grown, slowest.get() / 1_000_000);
    assertThat(stillAsking).isTrue();
    assertThat(repeated).as("messages about digests that were just looked for").isLessThan(50);
    assertThat(grown).isLessThan(100);
    assertThat(slowest.get()).isLessThan(Duration.ofSeconds(2).toNanos());
  }

  private void flood(int count, IntFunction<List<String>> maker) throws InterruptedException {
    for (int done = 0; done < count; done += CHUNK) {
      var tokens = maker.apply(Math.min(CHUNK, count - done));
      var next = new AtomicInteger();
      var active = new AtomicInteger();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < AT_ONCE; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int t = next.getAndIncrement();
                          t < tokens.size();
                          t = next.getAndIncrement()) {
                        if (!latchkey
                            .introspect(tokens.get(t))
                            .body()
                            .equals("{\"active\":false}")) {
                          active.incrementAndGet();
                        }
                      }
                    }));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(active).hasValue(0);
    }
  }

  /// The resident memory of the process, in MiB.
  private long memory() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + latchkey.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    }
  }
}
