package latchkey.domain.token;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import latchkey.world.Browser;
import latchkey.world.Cable;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// The wire to a client breaks after any byte of the reply. The client asks again with what it has.
@QuarkusTest
@WithTestResource(House.class)
class LostReplyTest {
  private static final int STEP = 23;

  @Inject World world;

  @Test
  void a_reply_that_breaks_off_at_any_byte_costs_nobody_a_session() throws Exception {
    var client = world.aPublicClient();
    var held = world.logIn(world.alice(), client, World.device());
    int broken = 0;

    try (var wire = new Cable(House.port())) {
      for (int bytes = 0; ; bytes += STEP) {
        wire.breakAfter(bytes);
        var heard = refresh(wire.port(), client, held.refresh());
        var again = tokens(world.refresh(client, held.refresh()));
        if (heard.isPresent()) {
          assertThat(heard.get()).contains(again.refresh());
          break;
        }
        broken++;
        assertThat(world.isActive(again.access())).isTrue();
        held = again;
      }
    }

    assertThat(broken).isGreaterThan(10);
  }

  /// The body, if it arrived whole.
  private static Optional<String> refresh(int port, String client, String token)
      throws InterruptedException {
    var form =
        Browser.encode(
            Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", token));
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("User-Agent", "js-sdk")
            .header("X-Forwarded-For", "203.0.113.7")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return Optional.of(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
