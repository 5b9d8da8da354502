package latchkey.endpoint.notices;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.base.job.JobRunner;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.PostOffice.Received;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The user is told: by mail, and at the next sign-in.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
class NoticesTest {
  private static final String HOME = "203.0.113.7";
  private static final String ELSEWHERE = "198.51.100.9";
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject World world;
  @Inject JobRunner runner;

  private Person alice;
  private String client;
  private String device;

  @BeforeEach
  void alice_has_an_account_and_an_address() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    address(mailbox());
  }

  @Test
  void a_reuse_is_mailed_to_every_address_with_all_that_is_known() throws Exception {
    address("second." + mailbox());
    var tokens = logIn(new Browser());
    world.runJobs();
    runner.stop();
    try {
      reuse(tokens);

      assertThat(
              count("select count(*) from latchkey.scheduled_tasks where task_name = 'tell-user'"))
          .isEqualTo(1);
      assertThat(
              count(
                  """
                  select count(*) from latchkey.scheduled_tasks t join latchkey.audit_events e
                    on convert_from(t.task_data, 'UTF8') = e.id::text
                   where t.task_name = 'tell-user' and e.user_id = '%s'
                  """
                      .formatted(alice.id())))
          .as("the job carries the event's id and nothing else")
          .isEqualTo(1);
    } finally {
      runner.start();
    }
    world.runJobs();

    var mail = onlyMail();
    assertThat(mail.to())
        .containsExactlyInAnyOrder(
            alice.username() + " <" + mailbox() + ">",
            alice.username() + " <second." + mailbox() + ">");
    assertThat(mail.subject()).isEqualTo("Element was signed out to protect your account");
    for (var body : List.of(mail.text(), mail.html())) {
      assertThat(body)
          .contains("@" + alice.username() + ":example.com", device, "Element on Firefox")
          .contains(HOME, "js-sdk", ELSEWHERE, "thief/1.0", " UTC")
          .doesNotContain("evil.example", tokens.refresh());
    }
    assertThat(mail.text())
        .startsWith("Hello " + alice.username() + ",\n\nWhat keeps Element")
        .contains("\n\n  Element on Firefox (" + device + ")\n\n  When: ");
    assertThat(House.postOffice().to("second." + mailbox())).hasSize(1);
    assertThat(mail.html()).doesNotContain("<b>", "http://", "href");
    assertThat(mail.text()).doesNotContain("&#", "<p>");
  }

  @Test
  void a_mail_speaks_the_language_of_the_last_sign_in() {
    reuse(logIn(new Browser().speaking("de")));
    world.runJobs();

    var mail = onlyMail();
    assertThat(mail.subject()).isEqualTo("Element wurde abgemeldet, um dein Konto zu schützen");
    assertThat(mail.text()).contains("Hallo " + alice.username(), "Benutzt von: " + HOME);
    assertThat(mail.html()).contains("lang=\"de\"", "Benutzt von");
  }

  @Test
  void a_code_used_again_is_mailed_too() {
    var code = world.code(alice, client, World.scope(device));
    tokens(world.exchange(client, code));
    world.clock().advance(Duration.ofSeconds(25));
    world.exchange(client, code).then().statusCode(400);
    world.runJobs();

    assertThat(onlyMail().text()).contains(device, "127.0.0.1");
  }

  @Test
  void a_mail_that_nobody_takes_is_tried_again_until_somebody_does() {
    var tokens = logIn(new Browser());
    world.runJobs();
    House.postOffice().close();
    try {
      reuse(tokens);
      World.within(SOON, () -> failures() == 1);
      world.clock().advance(Duration.ofSeconds(8));
      World.within(SOON, () -> failures() == 2);
    } finally {
      House.postOffice().open();
    }
    assertThat(World.http().get("/health").statusCode()).isEqualTo(200);

    world.clock().advance(Duration.ofSeconds(15));
    World.within(SOON, () -> House.postOffice().to(mailbox()).size() == 1);
    assertThat(onlyMail().text()).contains(device);
  }

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

  @Test
  void names_that_others_chose_are_no_links_in_a_mail() {
    var metadata = World.metadata();
    metadata.put("client_name", "Visit www.evil.example");
    client = world.register(metadata).path("client_id");
    device = "evil2.example-" + device;
    reuse(logIn(new Browser()));
    world.runJobs();

    var mail = onlyMail();
    assertThat(mail.subject()).isEqualTo("Visit … was signed out to protect your account");
    for (var body : List.of(mail.text(), mail.html())) {
      assertThat(body).contains("Visit … on Firefox").doesNotContain("evil");
    }
  }

  @Test
  void an_address_that_is_none_or_that_nobody_has_is_not_tried_again() {
    World.sql(
        "update latchkey.user_emails set email = 'a..%s' where user_id = '%s'"
            .formatted(mailbox(), alice.id()));
    reuse(logIn(new Browser()));
    world.runJobs();
    assertThat(tellUserJobs()).isZero();

    alice_has_an_account_and_an_address();
    address("b.." + mailbox());
    reuse(logIn(new Browser()));
    world.runJobs();

    assertThat(House.postOffice().to(mailbox())).as("one odd address keeps nobody out").hasSize(1);
  }

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

  private Tokens logIn(Browser browser) {
    var path = World.authorize(client, Map.of("scope", World.scope(device)));
    var code = world.consent(browser, alice, path).answer().get("code");
    return tokens(
        World.http()
            .header("User-Agent", "Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0")
            .header("X-Forwarded-For", HOME)
            .formParam("grant_type", "authorization_code")
            .formParam("client_id", client)
            .formParam("code", code)
            .formParam("redirect_uri", World.REDIRECT_URI)
            .formParam("code_verifier", "abcdefghijklmnopqrstuvwxyz-0123456789.ABCDEFGHIJ_~")
            .post("/oauth2/token"));
  }

  /// A thief comes with what was used before. The name of his program is an advertisement.
  private void reuse(Tokens tokens) {
    var second = tokens(world.refresh(client, tokens.refresh(), "js-sdk", HOME));
    assertThat(world.isActive(second.access())).isTrue();
    world.flush();
    world.clock().advance(Duration.ofMinutes(5));
    world
        .refresh(
            client, tokens.refresh(), "thief/1.0 <b>visit http:/*/evil.e*xample now", ELSEWHERE)
        .then()
        .statusCode(400);
    assertThat(isLive()).isFalse();
  }

  /// A generation that the thief rotates and the victim is given too.
  private Tokens collide(Tokens current) {
    tokens(world.refresh(client, current.refresh(), "thief/1.0", ELSEWHERE));
    return tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
  }

  /// Answers where it leads.
  private String signIn(Browser browser, String loginPath) {
    return world.signIn(browser, alice, loginPath).location();
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

  private Received onlyMail() {
    var mails = House.postOffice().to(mailbox());
    assertThat(mails).hasSize(1);
    return mails.getFirst();
  }

  private String mailbox() {
    return alice.username() + "@mail.example";
  }

  private void address(String address) {
    World.sql(
        "insert into latchkey.user_emails values (gen_random_uuid(), '%s', '%s', now())"
            .formatted(alice.id(), address));
  }

  private String eventOfAlice() {
    return latchkey.base.system.Ids.text(
        World.uuid(
            "select id from latchkey.audit_events where user_id = '%s' order by id desc limit 1"
                .formatted(alice.id())));
  }

  private long unseen() {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and acknowledged_at is null and kind in ('refresh_token_reused', 'code_reused', 'refresh_suspicion')"
            .formatted(alice.id()));
  }

  private long audited(String kind) {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and kind = '%s'"
            .formatted(alice.id(), kind));
  }

  private static long tellUserJobs() {
    return count("select count(*) from latchkey.scheduled_tasks where task_name = 'tell-user'");
  }

  private long failures() {
    return count(
        "select coalesce(max(consecutive_failures), 0) from latchkey.scheduled_tasks where task_name = 'tell-user'");
  }

  private boolean isLive() {
    return count(
            "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '%s'"
                .formatted(device))
        == 1;
  }
}
