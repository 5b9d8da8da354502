package latchkey.endpoint.oauth2.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class LoginPathTest {
  @Inject World world;

  @Test
  void a_person_signs_in_consents_and_the_client_gets_tokens_that_work() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var device = World.device();

    var answer =
        world
            .consent(
                new Browser(), alice, World.authorize(client, Map.of("scope", World.scope(device))))
            .answer();
    var tokens = World.tokens(world.exchange(client, answer.get("code")));

    assertThat(answer).containsEntry("state", "zustand").containsEntry("iss", House.url() + "/");
    assertThat(tokens.access()).matches("mat_[0-9A-Za-z]{80}_[0-9A-Za-z]{6}");
    assertThat(tokens.refresh()).matches("mar_[0-9A-Za-z]{80}_[0-9A-Za-z]{6}");
    assertThat(world.homeserver().devices(alice.username())).contains(device);
    var introspection = world.introspect(tokens.access()).jsonPath();
    assertThat(introspection.getBoolean("active")).isTrue();
    assertThat(introspection.getString("username")).isEqualTo(alice.username());
    assertThat(introspection.getInt("expires_in")).isBetween(290, 300);
    assertThat(introspection.getString("scope"))
        .contains("urn:matrix:org.matrix.msc2967.client:device:" + device)
        .contains("urn:matrix:client:device:" + device);
    var claims = new String(Base64.getUrlDecoder().decode(tokens.idToken().split("\\.")[1]));
    assertThat(claims).contains("\"nonce\":\"einmal\"", "at_hash", "auth_time", "sid");
  }

  @Test
  void an_answer_that_was_lost_is_given_again_to_the_byte() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var first = world.logIn(alice, client, World.device());

    var second = World.tokens(world.refresh(client, first.refresh()));
    var again = World.tokens(world.refresh(client, first.refresh()));

    assertThat(again.refresh()).isEqualTo(second.refresh()).isNotEqualTo(first.refresh());
    assertThat(again.access()).isEqualTo(second.access());
    assertThat(world.isActive(first.access())).isTrue();
    assertThat(world.isActive(second.access())).isTrue();
  }
}
