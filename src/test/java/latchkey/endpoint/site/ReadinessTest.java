package latchkey.endpoint.site;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whether a load balancer is to send anybody here.
@QuarkusTest
@WithTestResource(House.class)
class ReadinessTest {
  private static final String READY = "/health/ready";

  @Inject World world;

  @BeforeEach
  void the_house_is_ready() {
    world.awaitReady();
    world.awaitHearing();
  }

  @AfterEach
  void the_keys_are_good_again() {
    World.sql("update latchkey.token_keys set withdrawn_at = null");
    World.within(Duration.ofSeconds(10), () -> status() == 200);
  }

  @Test
  void a_server_whose_token_keys_are_all_withdrawn_is_not_ready_and_lives() {
    World.http().get(READY).then().statusCode(200).body(equalTo("ok"));

    World.sql("update latchkey.token_keys set withdrawn_at = now()");

    World.within(Duration.ofSeconds(10), () -> status() == 503);
    World.http().get(READY).then().statusCode(503).body(containsString("token key"));
    World.http().get("/health").then().statusCode(200);
  }

  private static int status() {
    return World.http().get(READY).statusCode();
  }
}
