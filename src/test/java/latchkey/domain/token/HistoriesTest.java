package latchkey.domain.token;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.random.RandomGenerator;
import latchkey.domain.token.history.Histories;
import latchkey.domain.token.history.Trial;
import latchkey.world.House;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The engine against the model, over random histories. A failure prints the seed and the shortest
/// history found; `-Dlatchkey.history.seed=…` plays that seed again, `-Dlatchkey.histories=…` plays
/// as many as it says.
@QuarkusTest
@WithTestResource(House.class)
class HistoriesTest {
  private static final int SOME = 12;
  private static final int MANY = Integer.getInteger("latchkey.soak", 0) > 0 ? 5000 : 100;

  @Inject EngineServers servers;

  @BeforeEach
  void uses_are_written_down_when_a_history_says_so() throws Exception {
    servers.prepare();
  }

  @AfterEach
  void everything_goes_on_by_itself() {
    servers.release();
  }

  @Test
  void the_engine_does_what_the_model_says() {
    var seed = Long.getLong("latchkey.history.seed");
    if (seed != null) {
      new Trial(servers).play(Histories.of(seed));
    } else {
      play(SOME);
    }
  }

  @Test
  @Tag("slow")
  void the_engine_does_what_the_model_says_for_long() {
    play(Integer.getInteger("latchkey.histories", MANY));
  }

  private void play(int histories) {
    var trial = new Trial(servers);
    long from = RandomGenerator.getDefault().nextLong() >>> 1;
    for (int i = 0; i < histories; i++) {
      trial.play(Histories.of(from + i));
    }
  }
}
