package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import latchkey.world.Browser;
import latchkey.world.Meanwhile;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What changes between what was looked at and the sign-in counts.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class SignInRaceTest extends UpstreamScene {
  @Test
  void a_link_that_is_taken_from_its_user_meanwhile_opens_nothing() throws Exception {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    var path = Trip.arrive(browser, people, "");
    var user = World.uuid("select id from latchkey.users where username = '%s'".formatted(name));

    var page =
        Meanwhile.during(
            () -> browser.get(path),
            user,
            "update latchkey.upstream_links set user_id = null where subject = 'sub-%s'"
                .formatted(name));

    assertThat(page.status()).isEqualTo(400);
    assertThat(signedIn(browser)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"can_request_admin = true", "locked_at = now()"})
  void who_is_not_to_be_had_by_name_any_more_is_not(String change) throws Exception {
    var staff = UpstreamHouse.staff();
    var alice = world.alice();
    staff.person("sub-" + name, claims(alice.username()));
    var path = Trip.arrive(browser, staff, "");

    var page =
        Meanwhile.during(
            () -> browser.get(path),
            alice.id(),
            "update latchkey.users set %s where id = '%s'".formatted(change, alice.id()));

    assertThat(page.status()).isEqualTo(400);
    assertThat(links(alice.username())).isZero();
    assertThat(signedIn(browser)).isEmpty();
  }
}
