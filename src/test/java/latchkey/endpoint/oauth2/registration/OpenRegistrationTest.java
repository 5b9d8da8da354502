package latchkey.endpoint.oauth2.registration;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// `policy.data.client_registration.allow_*`; with each of them alone see `PoliciesTest`.
@QuarkusTest
@WithTestResource(TunedHouse.class)
class OpenRegistrationTest {
  @Inject World world;

  @Test
  void what_the_switches_allow_is_registered() {
    accepted(Map.of("redirect_uris", List.of("https://elsewhere.example.net/cb")));
    accepted(Map.of("redirect_uris", List.of("http://app.example.org/cb")));
    accepted(Map.of("client_uri", "http://app.example.org/"));
    accepted(Map.of("logo_uri", "http://elsewhere.example.net/logo.png"));
    var homeless = World.metadata();
    homeless.remove("client_uri");
    world.register(homeless).then().statusCode(201);
  }

  private void accepted(Map<String, Object> changes) {
    var metadata = World.metadata();
    metadata.putAll(changes);
    world.register(metadata).then().statusCode(201);
  }
}
