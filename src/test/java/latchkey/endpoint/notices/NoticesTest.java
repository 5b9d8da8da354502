package latchkey.endpoint.notices;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The user is told at the next sign-in.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
class NoticesTest extends NoticeScene {
  @Test
  void whoever_has_no_address_reads_it_at_the_next_sign_in() {
    World.sql("delete from latchkey.user_emails where user_id = '" + alice.id() + "'");
    reuse(logIn(new Browser()));
    world.runJobs();

    assertThat(tellUserJobs()).isZero();
    var browser = new Browser();
    var page = browser.get(signIn(browser, "/login"));
    assertThat(page.body()).contains("A session of yours was ended", device, HOME, ELSEWHERE);
  }

  @Test
  void what_happened_is_shown_once_between_the_password_and_the_client() {
    reuse(logIn(new Browser()));
    var browser = new Browser();
    var path = World.authorize(client, Map.of());
    var login = browser.get(path).location();
    var notices = signIn(browser, login);

    assertThat(notices).startsWith("/notices?kind=continue_authorization_grant&id=");
    var page = browser.get(notices);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("A session of yours was ended", "Element on Firefox", device)
        .contains(HOME, "js-sdk", ELSEWHERE, "thief/1.0")
        .doesNotContain("evil.example", "<b>");

    assertThat(browser.post(notices, Map.of("seen", page.fields().get("seen"))).status())
        .as("a form of another site")
        .isEqualTo(400);
    assertThat(browser.get(notices).status()).isEqualTo(200);

    var back = browser.submit(notices, page, Map.of());
    var on = browser.get(back.location());
    assertThat(on.location()).startsWith("/consent/");
    assertThat(browser.get(on.location()).body()).contains("Allow");
    assertThat(signIn(new Browser(), "/login")).isEqualTo("/");
  }

  @Test
  void a_browser_that_is_signed_in_shows_it_before_the_next_consent() {
    var browser = new Browser();
    reuse(logIn(browser));

    var consent = browser.get(World.authorize(client, Map.of())).location();
    var notices = browser.get(consent).location();

    assertThat(notices).startsWith("/notices?kind=continue_authorization_grant&id=");
    var page = browser.get(notices);
    var back = browser.submit(notices, page, Map.of());
    assertThat(browser.get(back.location()).location()).isEqualTo(consent);
  }

  @Test
  void a_silent_request_goes_on_and_the_notice_waits() {
    var browser = new Browser();
    var metadata = World.metadata();
    metadata.put("client_name", "Another");
    var other = world.register(metadata).<String>path("client_id");
    var scope = World.scope(World.device());
    world.consent(browser, alice, World.authorize(other, Map.of("scope", scope)));
    reuse(logIn(new Browser()));

    var silent = World.authorize(other, Map.of("scope", scope, "prompt", "none"));
    var answer = browser.get(browser.get(silent).location());

    assertThat(answer.answer()).containsKey("code");
    assertThat(unseen()).isEqualTo(1);
  }

  @Test
  void nobody_reads_or_puts_away_what_is_told_to_somebody_else() {
    reuse(logIn(new Browser()));
    var event = eventOfAlice();
    var bob = world.alice();
    var browser = new Browser();
    world.signIn(browser, bob, "/login");

    assertThat(browser.get("/notices/" + event).status()).isEqualTo(404);
    assertThat(browser.get("/notices").location()).isEqualTo("/");
    var csrf = browser.get("/").fields().get("csrf");
    var post = browser.post("/notices", Map.of("csrf", csrf, "seen", event));
    assertThat(post.status()).isEqualTo(303);

    assertThat(unseen()).isEqualTo(1);
  }

  @Test
  void nobody_has_seen_more_than_a_page_shows() {
    reuse(logIn(new Browser()));
    var browser = new Browser();
    var page = browser.get(signIn(browser, "/login"));
    var others = "01KB0000000000000000000004 ".repeat(30) + many(20);

    assertThat(browser.submit("/notices", page, Map.of("seen", others + eventOfAlice())).status())
        .isEqualTo(303);
    assertThat(unseen()).isEqualTo(1);
    browser.submit(
        "/notices",
        page,
        Map.of("seen", "01KB0000000000000000000004 ".repeat(30) + eventOfAlice()));

    assertThat(unseen()).isZero();
  }

  private static String many(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(number -> latchkey.base.system.Ids.text(new java.util.UUID(1, number)) + " ")
        .collect(java.util.stream.Collectors.joining());
  }
}
