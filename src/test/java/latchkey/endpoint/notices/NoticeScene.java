package latchkey.endpoint.notices;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import latchkey.base.job.JobRunner;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.PostOffice.Received;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;

/// Alice has an account, a mailbox and a session, and a thief gets at its tokens.
abstract class NoticeScene {
  static final String HOME = "203.0.113.7";

  static final String ELSEWHERE = "198.51.100.9";

  static final Duration SOON = Duration.ofSeconds(20);

  @Inject World world;
  @Inject JobRunner runner;

  Person alice;
  String client;
  String device;

  @BeforeEach
  void alice_has_an_account_and_an_address() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    address(mailbox());
  }

  Tokens logIn(Browser browser) {
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
  void reuse(Tokens tokens) {
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
  Tokens collide(Tokens current) {
    tokens(world.refresh(client, current.refresh(), "thief/1.0", ELSEWHERE));
    return tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
  }

  /// Answers where it leads.
  String signIn(Browser browser, String loginPath) {
    return world.signIn(browser, alice, loginPath).location();
  }

  Received onlyMail() {
    var mails = House.postOffice().to(mailbox());
    assertThat(mails).hasSize(1);
    return mails.getFirst();
  }

  String mailbox() {
    return alice.username() + "@mail.example";
  }

  void address(String address) {
    World.sql(
        "insert into latchkey.user_emails values (gen_random_uuid(), '%s', '%s', now())"
            .formatted(alice.id(), address));
  }

  String eventOfAlice() {
    return latchkey.base.system.Ids.text(
        World.uuid(
            "select id from latchkey.audit_events where user_id = '%s' order by id desc limit 1"
                .formatted(alice.id())));
  }

  long unseen() {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and acknowledged_at is null and kind in ('refresh_token_reused', 'code_reused', 'refresh_suspicion')"
            .formatted(alice.id()));
  }

  static long tellUserJobs() {
    return count("select count(*) from latchkey.scheduled_tasks where task_name = 'tell-user'");
  }

  long failures() {
    return count(
        "select coalesce(max(consecutive_failures), 0) from latchkey.scheduled_tasks where"
            + " task_name = 'tell-user'");
  }

  boolean isLive() {
    return count(
            "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '%s'"
                .formatted(device))
        == 1;
  }
}
