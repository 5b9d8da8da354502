package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import latchkey.world.Replicas;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Several processes on one database: what one knows, the others know.
@Tag("soak")
@Timeout(240)
class ReplicasTest {
  @RegisterExtension static final Replicas replicas = Replicas.open();

  @Test
  void what_one_issued_the_other_honours_and_neither_a_freeze_nor_a_kill_loses_it() {
    var a = replicas.start();
    var b = replicas.start();
    var alice = replicas.person();
    var client = a.aPublicClient();
    var device = World.device();

    var tokens = b.exchange(client, a.code(alice, client, World.scope(device))).json();

    var access = tokens.getString("access_token");
    assertThat(a.introspect(access).isActive()).isTrue();
    assertThat(replicas.homeserver().devices(alice.username())).containsExactly(device);

    b.freeze();
    var next = a.refresh(client, tokens.getString("refresh_token")).json();
    b.thaw();
    assertThat(b.introspect(next.getString("access_token")).isActive()).isTrue();

    b.kill();
    b.start();
    assertThat(b.introspect(access).isActive()).isTrue();
    var seeded = replicas.seeder().session();
    assertThat(b.introspect(seeded.access()).json().getString("username"))
        .isEqualTo(seeded.username());
    b.stop();
    assertThat(b.isAlive()).isFalse();
    assertThat(
            replicas
                .postgres()
                .number(
                    "select count(*) from latchkey.oauth_sessions where last_active_at is not null"
                        + " and used_generation = 0 and id = '"
                        + seeded.id()
                        + "'"))
        .as("a stop writes down what was seen")
        .isEqualTo(1);
  }
}
