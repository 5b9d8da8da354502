package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Browser;
import latchkey.world.LeavingHouse;
import latchkey.world.Trip;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rules about who comes in, met at the end of a trip.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class GateAtTheDoorTest {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String HOME = "?kind=manage_account";

  @Inject World world;

  private final Browser browser = new Browser();
  private final String name = "greta" + COUNT.incrementAndGet();

  @BeforeEach
  void everything_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
  }

  private void comes(String displayName, List<String> groups) {
    LeavingHouse.office()
        .person(
            "sub-" + name,
            Map.of(
                "preferred_username", name,
                "name", displayName,
                "email", name + "@office.example",
                "groups", groups));
  }

  private long users() {
    return count("select count(*) from latchkey.users where username = '%s'".formatted(name));
  }

  @Test
  void whoever_is_in_no_group_gets_no_account_and_reads_whom_to_ask() {
    comes("Greta", List.of("others"));

    var page = Trip.through(browser, LeavingHouse.office(), HOME);

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body()).contains("you are in none of the groups", "help@example.com");
    assertThat(users()).isZero();
    assertThat(browser.get("/account/").status()).isEqualTo(303);
  }

  @Test
  void whoever_is_in_one_comes_in_and_is_asked_after_later() {
    comes("Greta", List.of("admins"));

    var in = Trip.through(browser, LeavingHouse.office(), HOME);

    assertThat(in.location()).as(in.body()).isEqualTo("/account/");
    assertThat(
            text(
                "select can_request_admin::text from latchkey.users where username = '%s'"
                    .formatted(name)))
        .isEqualTo("true");
    assertThat(
            count(
                """
                select count(*) from latchkey.upstream_sessions s join latchkey.upstream_links l on l.id = s.link_id
                 where l.subject = 'sub-%s' and s.revalidate_at is not null and s.browser_session_id is not null
                """
                    .formatted(name)))
        .isEqualTo(1);
  }

  @Test
  void whoever_has_left_the_group_is_shut_out_at_the_next_sign_in() {
    comes("Greta", List.of("matrix"));
    Trip.through(new Browser(), LeavingHouse.office(), HOME);
    comes("Greta", List.of());

    var page = Trip.through(browser, LeavingHouse.office(), HOME);

    assertThat(page.status()).isEqualTo(403);
    assertThat(browser.get("/account/").status()).isEqualTo(303);
  }

  @Test
  void another_name_there_is_another_name_here() {
    comes("Greta", List.of("matrix"));
    Trip.through(new Browser(), LeavingHouse.office(), HOME);
    world.runJobs();
    comes("Greta Newlywed", List.of("matrix"));

    Trip.through(browser, LeavingHouse.office(), HOME);

    world.runJobs();
    assertThat(world.homeserver().displayName(name)).contains("Greta Newlywed");
  }
}
