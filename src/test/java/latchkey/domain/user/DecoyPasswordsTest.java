package latchkey.domain.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class DecoyPasswordsTest {
  @Inject World world;
  @Inject DecoyPasswords decoys;

  @Test
  void unknown_names_fall_on_the_stored_schemes_as_known_ones_do_and_each_always_on_the_same() {
    world.alice();
    long newest = World.count("select count(*) from latchkey.user_passwords");
    World.sql(
        """
        with imported as (
          insert into latchkey.users (id, username, created_at)
          select gen_random_uuid(), 'decoy' || n, now() from generate_series(1, %d) n returning id)
        insert into latchkey.user_passwords (user_id, hashed_password, version, created_at)
        select id, '$2b$12$imported', 77, now() from imported
        """
            .formatted(3 * newest));
    try {
      world.clock().advance(Duration.ofMinutes(11));

      int imported = 0;
      for (int i = 0; i < 400; i++) {
        var decoy = decoys.of("nobody" + i).orElseThrow();
        assertThat(decoys.of("nobody" + i)).contains(decoy);
        imported += decoy.version() == 77 ? 1 : 0;
      }

      // Three in four, give or take six standard deviations.
      assertThat(imported).isBetween(248, 352);
    } finally {
      World.sql("delete from latchkey.users where username like 'decoy%'");
      world.clock().advance(Duration.ofMinutes(11));
    }
  }
}
