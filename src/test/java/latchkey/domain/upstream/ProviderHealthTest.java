package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import latchkey.world.MovableClock;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of providers to whoever watches this server.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class ProviderHealthTest {
  @Inject MovableClock clock;

  @BeforeEach
  void all_is_well() {
    UpstreamHouse.reset(clock);
    // Whoever was here before may have left one down.
    clock.advance(Duration.ofMinutes(16));
  }

  @Test
  void one_that_is_down_makes_this_server_no_less_healthy_and_is_told() throws Exception {
    var id = UpstreamHouse.people().id();
    await(() -> upstream().contains(id + "=well"));
    assertThat(upstream().split(", "))
        .as("in the order of the configuration")
        .containsExactlyElementsOf(
            List.of(
                id + "=well",
                UpstreamHouse.posting().id() + "=well",
                UpstreamHouse.bare().id() + "=well",
                UpstreamHouse.staff().id() + "=well"));

    UpstreamHouse.people().goDown();
    clock.advance(Duration.ofMinutes(15));
    await(() -> upstream().contains(id + "=unreachable"));
    assertThat(World.http().get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(up(id)).isEqualTo("0.0");
    assertThat(up(UpstreamHouse.staff().id())).isEqualTo("1.0");

    UpstreamHouse.people().comeBack();
    clock.advance(Duration.ofMinutes(15));
    await(() -> upstream().contains(id + "=well"));
    assertThat(up(id)).isEqualTo("1.0");
  }

  private static String upstream() {
    var answer = World.http().get("/health");
    assertThat(answer.statusCode()).isEqualTo(200);
    return String.valueOf(answer.header("X-Latchkey-Upstream"));
  }

  private static String up(String id) {
    return World.http()
        .get("/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("latchkey_upstream_up{") && line.contains(id))
        .findFirst()
        .orElse("none")
        .replaceFirst(".* ", "");
  }

  private static void await(Callable<Boolean> until) throws Exception {
    for (int tries = 0; !until.call(); tries++) {
      assertThat(tries).as(upstream()).isLessThan(100);
      Thread.sleep(100);
    }
  }
}
