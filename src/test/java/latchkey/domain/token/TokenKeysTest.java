package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.world.Doors;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tokens under one key, another one, and none of ours, through the front door.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class TokenKeysTest {
  @Inject World world;
  @Inject TokenCodec codec;

  private String client;

  @BeforeEach
  void a_client() {
    client = world.aPublicClient();
  }

  @Test
  void a_key_mints_when_its_time_has_come_and_older_tokens_stay_good() {
    var first = world.logIn(world.alice(), client, World.device());

    world.clock().advance(Doors.SECOND_KEY_MINTS_AFTER);
    var second = World.tokens(world.refresh(client, first.refresh()));

    assertThat(keyOf(second.refresh())).isEqualTo(2);
    assertThat(keyOf(second.access())).isEqualTo(2);
    assertThat(World.tokens(world.refresh(client, first.refresh()))).isEqualTo(second);
    assertThat(world.isActive(second.access())).isTrue();
  }

  @Test
  void the_same_generation_under_another_key_is_the_same_token() {
    var tokens = world.logIn(world.alice(), client, World.device());

    var access = underTheOther(tokens.access());
    var second = World.tokens(world.refresh(client, underTheOther(tokens.refresh())));

    assertThat(access).isNotEqualTo(tokens.access());
    assertThat(world.isActive(access)).isTrue();
    assertThat(World.tokens(world.refresh(client, tokens.refresh()))).isEqualTo(second);
  }

  @Test
  void a_token_under_an_unknown_key_is_never_called_dead() {
    var strange = new TokenCodec(new TokenKeys(List.of(key(77))));
    var access = strange.encode(content(TokenKind.OAUTH_ACCESS), 77).reveal();
    var refresh = strange.encode(content(TokenKind.OAUTH_REFRESH), 77).reveal();

    for (var answer :
        List.of(
            world.introspect(access),
            world.introspect(refresh),
            world.refresh(client, refresh),
            World.http().header("Authorization", "Bearer " + access).get("/oauth2/userinfo"),
            World.http()
                .formParam("client_id", client)
                .formParam("token", access)
                .post("/oauth2/revoke"))) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNotBlank();
      assertThat(answer.<String>path("error")).isEqualTo("temporarily_unavailable");
    }
  }

  @Test
  void a_key_that_another_server_withdraws_is_dead_here_within_a_second_whatever_the_list_says() {
    var tokens = world.logIn(world.alice(), client, World.device());
    var older = under(2, tokens.access());
    var forged = under(2, tokens.refresh());
    assertThat(world.isActive(older)).isTrue();
    world.awaitHearing();

    withdrawTheSecond("now()");
    try {
      World.within(Duration.ofSeconds(1), () -> !world.isActive(older));
      var refused = world.refresh(client, forged);
      World.http().formParam("token", forged).post("/oauth2/revoke").then().statusCode(200);
      world.clock().advance(Doors.SECOND_KEY_MINTS_AFTER);
      var next = World.tokens(world.refresh(client, under(1, tokens.refresh())));

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(keyOf(next.refresh())).as("the second key's time has come").isEqualTo(1);
      assertThat(world.isActive(next.access())).isTrue();
      assertThat(keyOf(world.logIn(world.alice(), client, World.device()).access())).isEqualTo(1);
    } finally {
      withdrawTheSecond("null");
      World.within(
          Duration.ofSeconds(1),
          () -> keyOf(world.logIn(world.alice(), client, World.device()).access()) == 2);
    }
  }

  @Test
  void a_withdrawn_keys_sessions_take_their_devices_with_them() throws SQLException {
    var alice = world.alice();
    world.logIn(alice, client, World.device());
    world.logIn(alice, client, World.device());
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(2);
    World.sql(
        "update latchkey.oauth_sessions set token_key = 99 where user_id = '%s'"
            .formatted(alice.id()));

    new TokenKeyRepository(House.database()).endSessions(99, world.clock().instant());
    world.runJobs();

    World.within(
        Duration.ofSeconds(10), () -> world.homeserver().devices(alice.username()).isEmpty());
  }

  private static void withdrawTheSecond(String at) {
    World.sql("update latchkey.token_keys set withdrawn_at = " + at + " where id = 2");
  }

  private int keyOf(String token) {
    return codec.read(token) instanceof TokenReading.Computed(_, var key) ? key : -1;
  }

  private String underTheOther(String token) {
    return under(3 - keyOf(token), token);
  }

  private String under(int key, String token) {
    return codec.read(token) instanceof TokenReading.Computed(var content, _)
        ? codec.encode(content, key).reveal()
        : "";
  }

  private static TokenContent content(TokenKind kind) {
    var now = Instant.now();
    return new TokenContent(kind, UUID.randomUUID(), 0, now, now.plusSeconds(300), 1, 0);
  }

  private static TokenKey key(int id) {
    return new TokenKey(id, Secret.of("x".repeat(32)).bytes(), null, false);
  }
}
