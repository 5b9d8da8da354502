package latchkey.endpoint.oauth2.token;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The table "At a refresh" of `docs/tokens.md`.
@QuarkusTest
@WithTestResource(House.class)
class PolicyAtRefreshTest {
  private static final String ADMIN = " urn:synapse:admin:*";
  private static final String HOME = "203.0.113.7";

  @Inject World world;

  private Person alice;
  private String client;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
    client = world.aPublicClient();
  }

  @Test
  void an_admin_scope_is_gone_as_soon_as_the_right_is_and_comes_back_with_it() {
    setAdmin(true);
    var first = logIn(World.scope(World.device()) + ADMIN);
    var second = tokens(world.refresh(client, first.refresh()));
    assertThat(second.scope()).contains("urn:synapse:admin:*");

    setAdmin(false);
    refused(world.refresh(client, second.refresh()));
    refused(world.refresh(client, second.refresh()));

    setAdmin(true);
    tokens(world.refresh(client, second.refresh()));
  }

  @Test
  void an_admin_by_configuration_keeps_the_scope() {
    rename("admin-by-rule");
    var first = logIn(World.scope(World.device()) + ADMIN);

    tokens(world.refresh(client, first.refresh()));
    rename("admin-no-more");

    refused(world.refresh(client, first.refresh()));
  }

  @Test
  void from_a_banned_address_one_is_told_to_come_back_and_loses_nothing() {
    var first = logIn(World.scope(World.device()));

    postponed(world.refresh(client, first.refresh(), "js-sdk", "192.0.2.66"));
    postponed(world.refresh(client, first.refresh(), "js-sdk", "2001:db8:bad::5"));

    tokens(world.refresh(client, first.refresh(), "js-sdk", HOME));
  }

  @Test
  void with_a_banned_program_one_is_told_to_come_back_and_loses_nothing() {
    var first = logIn(World.scope(World.device()));

    postponed(world.refresh(client, first.refresh(), "EvilBrowser/1.0", HOME));

    tokens(world.refresh(client, first.refresh(), "js-sdk", HOME));
  }

  @Test
  void a_rule_of_the_admin_sees_who_asks_and_when() {
    var metadata = World.metadata();
    metadata.put("client_name", "Sleeper");
    client = world.register(metadata).jsonPath().getString("client_id");
    var first = logIn(World.scope(World.device()));
    var second = tokens(world.refresh(client, first.refresh()));

    world.clock().advance(Duration.ofHours(2));

    postponed(world.refresh(client, second.refresh()));
  }

  @Test
  void a_rule_that_cannot_be_evaluated_says_no_for_the_moment() {
    var first = logIn(World.scope(World.device()));

    rename("stumbling");
    postponed(world.refresh(client, first.refresh()));

    rename("upright");
    tokens(world.refresh(client, first.refresh()));
  }

  private Tokens logIn(String scope) {
    return tokens(world.exchange(client, world.code(alice, client, scope)));
  }

  private static void refused(Response answer) {
    answer.then().statusCode(400).body("error", equalTo("invalid_grant"));
  }

  private static void postponed(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("error", equalTo("temporarily_unavailable"));
  }

  private void setAdmin(boolean admin) {
    World.sql(
        "update latchkey.users set can_request_admin = %s where id = '%s'"
            .formatted(admin, alice.id()));
  }

  private void rename(String name) {
    World.sql(
        "update latchkey.users set username = '%s' where id = '%s'".formatted(name, alice.id()));
    alice = new Person(alice.id(), name, alice.password());
  }
}
