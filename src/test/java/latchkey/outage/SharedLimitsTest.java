package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two processes count together, and the end of one forgets nothing.
@Tag("slow")
class SharedLimitsTest {
  private static final String LIMITS =
      "rate_limiting: {login: {per_ip: {burst: 3, per_second: 0.01}}}\n";

  @RegisterExtension static final Replicas house = Replicas.open();

  @Test
  void replicas_count_together_and_a_restart_of_one_forgets_nothing() {
    var a = house.start(LIMITS);
    var b = house.start(LIMITS);
    var alice = house.person();
    assertThat(logIn(a, alice).status()).isEqualTo(200);
    assertThat(logIn(b, alice).status()).isEqualTo(200);
    assertThat(logIn(a, alice).status()).isEqualTo(200);

    var here = logIn(a, alice);
    var there = logIn(b, alice);

    assertThat(here.status()).isEqualTo(429);
    assertThat(there.status()).isEqualTo(429);
    // By one clock: the second was asked a little later.
    assertThat(wait(there)).isBetween(wait(here) - 20_000, wait(here));
    assertThat(wait(here)).isBetween(60_000L, 100_000L);

    b.kill();
    assertThat(logIn(a, alice).status()).isEqualTo(429);
    b.start();
    assertThat(logIn(b, alice).status()).isEqualTo(429);

    house
        .postgres()
        .sql("update latchkey.rate_limits set tat = tat - interval '" + wait(here) + " ms'");
    assertThat(logIn(b, alice).status()).isEqualTo(200);
    assertThat(logIn(a, alice).status()).isEqualTo(429);
  }

  private static long wait(Replica.Answer refused) {
    assertThat(refused.json().getString("errcode")).isEqualTo("M_LIMIT_EXCEEDED");
    return refused.json().getLong("retry_after_ms");
  }

  private static Replica.Answer logIn(Replica replica, Person person) {
    return replica.postJson(
        "/_matrix/client/v3/login",
        new JsonObject(World.legacy(person, Map.of())),
        Map.of("X-Forwarded-For", "198.51.100.9"));
  }
}
