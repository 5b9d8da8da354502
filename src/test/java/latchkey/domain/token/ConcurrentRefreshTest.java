package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import latchkey.domain.token.history.Reply;
import latchkey.domain.token.history.Server;
import latchkey.domain.token.history.Server.Held;
import latchkey.domain.token.history.Server.Proof;
import latchkey.domain.token.history.Setup;
import latchkey.domain.token.history.Who;
import latchkey.domain.token.history.Worth;
import latchkey.world.House;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One refresh token used by many at the same moment, at two replicas with marks and caches of
/// their own, while uses are written down all the time. `-Dlatchkey.rounds=…` says for how long.
@QuarkusTest
@WithTestResource(House.class)
class ConcurrentRefreshTest {
  private static final int USES = 64;
  private static final int ROUNDS = 20;
  private static final Setup TWO_REPLICAS =
      new Setup(true, 2, 30, 180, false, Setup.ClientKind.PUBLIC, Setup.Imported.NOTHING);
  private static final Who PHONE = new Who(Who.Place.HOME, "phone");

  @Inject EngineServers servers;

  @BeforeEach
  void uses_are_written_down_by_the_test() throws Exception {
    servers.prepare();
  }

  @AfterEach
  void everything_goes_on_by_itself() {
    servers.release();
  }

  @Test
  void many_uses_at_two_replicas_make_one_branch_and_get_one_answer() throws Exception {
    play(ROUNDS);
  }

  @Test
  @Tag("soak")
  void many_uses_at_two_replicas_make_one_branch_and_get_one_answer_for_long() throws Exception {
    play(Integer.getInteger("latchkey.rounds", 10_000));
  }

  private void play(int rounds) throws Exception {
    try (var server = servers.start(TWO_REPLICAS);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Other tests may have moved the clock past the time the second key mints from.
      server.configure(1, server.keys(0));
      var held = server.first();
      for (int round = 1; round <= rounds; round++) {
        held = round(server, threads, held);
        assertThat(server.observe().generation()).isEqualTo(round);
      }
      assertThat(server.observe().finished()).isNull();
    }
  }

  private Held round(Server server, ExecutorService threads, Held held) throws Exception {
    var uses = new ArrayList<Callable<Reply>>();
    for (int i = 0; i < USES; i++) {
      int replica = i % 2;
      uses.add(() -> server.refresh(replica, held.refresh(), Proof.RIGHT, PHONE));
    }
    var flushes = threads.submit(() -> useAndFlush(server, held));
    var answers = new HashSet<Held>();
    for (var answer : threads.invokeAll(uses)) {
      assertThat(answer.get()).extracting(Reply::status).as(answer.get().toString()).isEqualTo(200);
      answers.add(new Held(answer.get().refresh(), answer.get().access()));
    }
    flushes.get();
    assertThat(answers).hasSize(1);
    return answers.iterator().next();
  }

  /// Uses and flushes go on meanwhile, on the same row.
  private static boolean useAndFlush(Server server, Held held) {
    for (int i = 0; i < 6; i++) {
      assertThat(server.use(i % 2, held.access(), false)).isEqualTo(Worth.ACTIVE);
      server.flush(i % 2);
    }
    return true;
  }
}
