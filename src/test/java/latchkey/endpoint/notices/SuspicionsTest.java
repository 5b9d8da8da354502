package latchkey.endpoint.notices;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.PostOffice.Received;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The user is asked whether somebody else is using their session.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
class SuspicionsTest extends NoticeScene {
  @Test
  void a_suspicion_is_none_any_more_once_its_session_ended_for_another_reason() {
    var tokens = logIn(new Browser());
    world.runJobs();
    House.postOffice().close();
    var link = "/notices/";
    try {
      tokens = collide(collide(collide(tokens)));
      World.within(SOON, () -> failures() == 1);
      link += eventOfAlice();
      World.http()
          .formParam("client_id", client)
          .formParam("token", tokens.refresh())
          .post("/oauth2/revoke")
          .then()
          .statusCode(200);
    } finally {
      House.postOffice().open();
    }
    assertThat(isLive()).isFalse();

    world.clock().advance(Duration.ofSeconds(8));
    World.within(SOON, () -> tellUserJobs() == 0);
    assertThat(House.postOffice().to(mailbox())).isEmpty();
    var browser = new Browser();
    assertThat(signIn(browser, "/login")).as("there is nothing to tell").isEqualTo("/");
    assertThat(browser.get(link).location()).isEqualTo("/");
  }

  @Test
  void a_suspicion_is_mailed_once_a_week_with_a_link_that_only_asks() {
    var tokens = collide(collide(collide(logIn(new Browser()))));
    world.runJobs();

    var mail = onlyMail();
    assertThat(mail.subject()).isEqualTo("Was this you? Element is used from two places");
    var link = link(mail);
    assertThat(mail.text()).contains(link, device, HOME, ELSEWHERE, "thief/1.0");
    assertThat(mail.html()).contains("href=\"" + link + "\"").doesNotContain("evil.example");

    world.clock().advance(Duration.ofDays(6));
    tokens = collide(collide(tokens));
    world.runJobs();
    assertThat(House.postOffice().to(mailbox())).hasSize(1);
    world.clock().advance(Duration.ofDays(2));
    collide(collide(tokens));
    world.runJobs();
    assertThat(House.postOffice().to(mailbox())).hasSize(2);
  }

  @Test
  void the_link_asks_its_user_only_and_no_ends_the_session_and_its_device() {
    var tokens = collide(collide(collide(logIn(new Browser()))));
    world.runJobs();
    var link = link(onlyMail());
    assertThat(world.homeserver().devices(alice.username())).contains(device);

    var browser = new Browser();
    var login = browser.get(link).location();
    assertThat(login).startsWith("/login?kind=read_notice&id=");
    var path = signIn(browser, login);
    assertThat(House.url() + path).isEqualTo(link);
    var page = browser.get(path);
    assertThat(page.body()).contains("Was this you?", device, HOME, ELSEWHERE);
    assertThat(isLive()).as("looking does nothing").isTrue();
    assertThat(browser.post(path, Map.of("answer", "not_me")).status()).isEqualTo(400);
    assertThat(browser.submit(path, page, Map.of("answer", "perhaps")).status()).isEqualTo(400);
    assertThat(isLive()).isTrue();

    var done = browser.submit(path, page, Map.of("answer", "not_me"));

    assertThat(isLive()).isFalse();
    assertThat(
            count(
                "select count(*) from latchkey.oauth_sessions where device_id = '%s' and finished_reason = 'ended_by_user'"
                    .formatted(device)))
        .isEqualTo(1);
    world.refresh(client, tokens.refresh()).then().statusCode(400);
    assertThat(world.isActive(tokens.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
    assertThat(audited("suspicion_confirmed")).isEqualTo(1);
    var told = browser.get(done.location());
    assertThat(told.body()).contains("A session of yours was ended");
    var on = browser.submit("/notices", told, Map.of());
    assertThat(browser.get(on.location()).location()).isEqualTo("/");
  }

  @Test
  void yes_lets_the_session_go_on_and_is_not_asked_again() {
    var tokens = collide(collide(collide(logIn(new Browser()))));
    var browser = new Browser();
    var notices = signIn(browser, browser.get(World.authorize(client, Map.of())).location());
    var page = browser.get(notices);
    assertThat(page.body()).contains("Was this you?");
    assertThat(browser.submit("/notices", page, Map.of("seen", eventOfAlice())).status())
        .as("reading is no answer")
        .isEqualTo(303);
    assertThat(browser.get(notices).body()).contains("Was this you?");

    var action = action(page);
    var back = browser.submit(action, page, Map.of("answer", "me"));
    browser.submit(action, page, Map.of("answer", "me"));

    assertThat(browser.get(back.location()).location()).startsWith("/consent/");
    assertThat(isLive()).isTrue();
    tokens(world.refresh(client, tokens.refresh(), "js-sdk", HOME));
    assertThat(audited("suspicion_dismissed")).isEqualTo(1);
    assertThat(unseen()).isZero();
    assertThat(signIn(new Browser(), "/login")).isEqualTo("/");
  }

  @Test
  void a_question_answered_before_its_mail_left_is_not_mailed() {
    var tokens = logIn(new Browser());
    world.runJobs();
    House.postOffice().close();
    try {
      collide(collide(collide(tokens)));
      World.within(SOON, () -> failures() == 1);
      var browser = new Browser();
      var page = browser.get(signIn(browser, "/login"));
      browser.submit(action(page), page, Map.of("answer", "me"));
    } finally {
      House.postOffice().open();
    }

    world.clock().advance(Duration.ofSeconds(8));
    World.within(SOON, () -> tellUserJobs() == 0);
    assertThat(House.postOffice().to(mailbox())).isEmpty();
  }

  private static String action(Browser.Page page) {
    var action = Pattern.compile("action=\"([^\"]+)\"").matcher(page.body());
    assertThat(action.find()).isTrue();
    return action.group(1).replace("&amp;", "&");
  }

  private static String link(Received mail) {
    var link = Pattern.compile(Pattern.quote(House.url()) + "/notices/[0-9A-Z]{26}\\b");
    var found = link.matcher(mail.text());
    assertThat(found.find()).isTrue();
    return found.group();
  }

  private long audited(String kind) {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and kind = '%s'"
            .formatted(alice.id(), kind));
  }
}
