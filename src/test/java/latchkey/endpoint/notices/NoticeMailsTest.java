package latchkey.endpoint.notices;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The user is told by mail.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
class NoticeMailsTest extends NoticeScene {
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
}
