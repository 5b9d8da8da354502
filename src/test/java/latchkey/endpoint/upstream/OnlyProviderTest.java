package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import latchkey.world.OrganisationHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// The only provider is gone to without a question, except by who has just signed out.
@QuarkusTest
@WithTestResource(OrganisationHouse.class)
class OnlyProviderTest extends NewAccountScene {
  @Test
  void with_one_provider_and_no_password_the_way_is_straight() {
    Imports.SUGGEST.apply(providers);
    var client = world.aPublicClient();
    var login = browser.get(World.authorize(client, Map.of())).location();

    var there = browser.get(login).location();

    assertThat(there)
        .startsWith("/upstream/authorize/" + provider.id() + "?kind=continue_authorization_grant");
    assertThat(browser.get("/register" + login.substring("/login".length())).location())
        .isEqualTo(there);
    assertThat(browser.post("/login", Map.of()).status()).isIn(400, 403);
  }

  @Test
  void who_signed_out_a_moment_ago_is_not_signed_in_again_at_once() {
    Imports.SUGGEST.apply(providers);
    send(Map.of("username", name));
    browser.submit("/logout", browser.get("/account/"), Map.of());

    var page = browser.get("/login?kind=manage_account");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Continue with <bdi>Organisation</bdi>")
        .doesNotContain("name=\"password\"");
    world.clock().advance(Duration.ofMinutes(6));
    assertThat(browser.get("/login?kind=manage_account").status()).isEqualTo(303);
  }
}
