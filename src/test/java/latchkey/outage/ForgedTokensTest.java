package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A flood of tokens that nobody issued costs no SQL and leaves nothing behind.
@Tag("slow")
class ForgedTokensTest {
  private static final int FLOOD = Soak.count(20_000, 1_000_000);
  private static final int AT_ONCE = 16;
  private static final int CHUNK = 10_000;

  @RegisterExtension static final Replicas house = Replicas.open();

  @Test
  @Timeout(3600)
  void a_flood_of_forged_tokens_asks_the_database_nothing_and_leaves_nothing_behind()
      throws Exception {
    var latchkey = house.start();
    World.within(Duration.ofSeconds(40), () -> latchkey.metric("latchkey_changes_hearing") == 1.0);
    flood(latchkey, CHUNK);
    long memory = memory(latchkey);
    double entries = latchkey.metric("latchkey_remembered_entries");
    double lookups = latchkey.metric("latchkey_remembered_lookups_total");
    long began = System.nanoTime();
    long messages = latchkey.cable().messages();

    flood(latchkey, FLOOD);

    long sent = latchkey.cable().messages() - messages;
    double seconds = (System.nanoTime() - began) / 1e9;
    long grown = memory(latchkey) - memory;
    System.out.printf(
        "[forged] %d tokens in %.1f s (%.0f/s): %d messages to the database, memory %+d MiB%n",
        FLOOD, seconds, FLOOD / seconds, sent, grown);
    assertThat(latchkey.metric("latchkey_remembered_entries")).isEqualTo(entries);
    assertThat(latchkey.metric("latchkey_remembered_lookups_total")).isEqualTo(lookups);
    // A ping a second and the look for jobs are on the wire as well.
    assertThat(sent).isLessThan(50 + (long) (10 * seconds));
    assertThat(grown).isLessThan(100);
  }

  private static void flood(Replica latchkey, int count) throws InterruptedException {
    for (int done = 0; done < count; done += CHUNK) {
      var tokens = Seeder.forged(Math.min(CHUNK, count - done));
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
  private static long memory(Replica replica) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + replica.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    }
  }
}
