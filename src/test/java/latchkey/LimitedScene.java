package latchkey;

import static latchkey.world.World.http;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;

/// Little may be tried here: three attempts to sign in from an address, one more every 100 seconds;
/// four at an account by strangers; two wrong passwords for an account from an address; three from
/// a known browser. Addresses are of nobody else.
abstract class LimitedScene {
  static final AtomicInteger COUNT = new AtomicInteger();

  private static final UUID NOBODY = new UUID(0, 0);

  @Inject World world;

  Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  static ValidatableResponse logIn(String name, String password, String address) {
    return http()
        .contentType("application/json")
        .header("X-Forwarded-For", address)
        .body(World.legacy(new Person(NOBODY, name, password), Map.of()))
        .post("/_matrix/client/v3/login")
        .then();
  }

  static int millis(ValidatableResponse response) {
    return response.extract().path("retry_after_ms");
  }

  static int seconds(ValidatableResponse response) {
    return Integer.parseInt(response.extract().header("Retry-After"));
  }

  static String nobody() {
    return "nobody" + COUNT.incrementAndGet();
  }

  static String address() {
    int number = COUNT.incrementAndGet();
    return "198.18." + number / 250 + "." + (number % 250 + 1);
  }
}
