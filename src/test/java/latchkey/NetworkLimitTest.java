package latchkey;

import static latchkey.world.World.http;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.Test;

/// A home has many /64: they are counted together at one account.
@QuarkusTest
@WithTestResource(House.class)
class NetworkLimitTest {
  private final Person victim = new Person(new UUID(0, 0), "victim-of-a-network", "unknown");

  @Test
  void a_network_has_a_slice_of_what_strangers_may_try_and_leaves_the_rest() {
    for (int i = 0; i < 60; i++) {
      guess("2001:db8:77:%x::1".formatted(i)).statusCode(403);
    }

    guess("2001:db8:77:ffff::1").statusCode(429);
    guess("2001:db8:78::1").statusCode(403);
  }

  private ValidatableResponse guess(String address) {
    return http()
        .contentType("application/json")
        .header("X-Forwarded-For", address)
        .body(World.legacy(victim, Map.of()))
        .post("/_matrix/client/v3/login")
        .then();
  }
}
