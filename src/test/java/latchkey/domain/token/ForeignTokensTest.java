package latchkey.domain.token;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.crypto.Digest;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tokens of another maker are the same as ours of the same session, kind and generation. The
/// session here was imported with a pair that still waits for its first use: the pair before is
/// generation 0, the one that waits is generation 1.
@QuarkusTest
@WithTestResource(House.class)
class ForeignTokensTest {
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Inject World world;

  private Person alice;
  private String client;
  private String device;
  private final String usedRefresh = token("mar");
  private final String usedAccess = token("mat");
  private final String waitingRefresh = token("mar");
  private final String waitingAccess = token("mat");

  @BeforeEach
  void a_session_was_imported() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    world.logIn(alice, client, device);
    World.sql(
        "update latchkey.oauth_sessions set generation = 1, used_generation = 0 where device_id = '%s'"
            .formatted(device));
    store(usedRefresh, 0, false);
    store(usedAccess, 0, true);
    store(waitingRefresh, 1, false);
    store(waitingAccess, 1, true);
  }

  @Test
  void imported_access_tokens_work_until_they_expire() {
    world
        .introspect(waitingAccess)
        .then()
        .statusCode(200)
        .body("active", equalTo(true))
        .body("username", equalTo(alice.username()));
    assertThat(world.isActive(usedAccess)).isTrue();

    world.clock().advance(Duration.ofSeconds(301));

    assertThat(world.isActive(waitingAccess)).isFalse();
  }

  @Test
  void the_imported_refresh_token_that_waits_rotates_to_tokens_of_ours() {
    var next = tokens(world.refresh(client, waitingRefresh));

    assertThat(next.refresh()).hasSize(91);
    assertThat(generation()).isEqualTo(2);
    assertThat(world.isActive(next.access())).isTrue();
  }

  @Test
  void a_retry_with_an_imported_token_gets_the_computed_ones() {
    var next = tokens(world.refresh(client, waitingRefresh));
    var again = tokens(world.refresh(client, waitingRefresh));

    assertThat(again.refresh()).isEqualTo(next.refresh());
    assertThat(again.access()).isEqualTo(next.access());
  }

  @Test
  void a_retry_with_the_token_before_gets_the_waiting_generation_as_computed_tokens() {
    var repeated = tokens(world.refresh(client, usedRefresh));

    assertThat(repeated.refresh()).hasSize(91);
    assertThat(generation()).isEqualTo(1);
    assertThat(world.isActive(repeated.access())).isTrue();
    // The imported and the computed one are the same token: whichever comes first rotates.
    var next = tokens(world.refresh(client, repeated.refresh()));
    assertThat(tokens(world.refresh(client, waitingRefresh)).refresh()).isEqualTo(next.refresh());
  }

  @Test
  void an_imported_token_used_again_after_its_successor_ends_the_session() {
    assertThat(world.isActive(waitingAccess)).isTrue();
    world.flush();
    world.clock().advance(Duration.ofMinutes(5));

    world
        .refresh(client, usedRefresh)
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));

    world.refresh(client, waitingRefresh).then().statusCode(400);
    assertThat(world.isActive(waitingAccess)).isFalse();
  }

  @Test
  void an_imported_token_of_another_kind_or_of_nobody_is_worth_nothing() {
    world.refresh(client, waitingAccess).then().statusCode(400);
    world.refresh(client, token("mar")).then().statusCode(400);
    assertThat(world.isActive(token("mat"))).isFalse();
    assertThat(world.isActive(waitingAccess.replace("mat_", "mct_"))).isFalse();

    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void either_imported_token_revokes_the_session() {
    World.http().formParam("token", usedRefresh).post("/oauth2/revoke").then().statusCode(200);

    assertThat(world.isActive(waitingAccess)).isFalse();
    world.refresh(client, waitingRefresh).then().statusCode(400);
  }

  private void store(String token, long generation, boolean expires) {
    World.sql(
        """
        insert into latchkey.foreign_tokens (digest, session_id, kind, generation, issued_at, expires_at)
        select '\\x%s'::bytea, id, '%s', %d, issued_at, %s from latchkey.oauth_sessions where device_id = '%s'
        """
            .formatted(
                HexFormat.of().formatHex(Digest.sha256(token)),
                token.substring(0, 3),
                generation,
                expires ? "issued_at + interval '300 seconds'" : "null",
                device));
  }

  /// As MAS makes them: 30 characters between the prefix and the check digits.
  private static String token(String prefix) {
    var text = prefix + "_" + "Imported%022d".formatted(COUNT.incrementAndGet());
    return text + "_" + CheckDigits.of(text);
  }

  private long generation() {
    return count(
        "select generation from latchkey.oauth_sessions where device_id = '" + device + "'");
  }
}
