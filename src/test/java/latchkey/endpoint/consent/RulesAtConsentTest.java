package latchkey.endpoint.consent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the rules refuse, nobody can consent to (`policy.md` 5.3, 5.5).
@QuarkusTest
@WithTestResource(House.class)
class RulesAtConsentTest {
  private static final String UNSTABLE = "urn:matrix:org.matrix.msc2967.client:";

  @Inject World world;

  private Person alice;
  private String client;
  private Browser browser;

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    client = world.aPublicClient();
    browser = new Browser();
    world.consent(browser, alice, World.authorize(client, Map.of()));
  }

  @Test
  void scopes_within_the_rules_get_a_code() {
    for (var scope :
        List.of(
            "openid",
            "openid email profile",
            World.API,
            World.scope("A".repeat(10)),
            UNSTABLE + "api:* " + UNSTABLE + "device:" + World.device())) {
      assertThat(answer(scope).location()).as(scope).contains("code=");
    }
  }

  @Test
  void scopes_against_the_rules_get_none_even_when_the_question_is_answered_unasked() {
    for (var scope :
        List.of(
            "openid phone",
            "openid urn:synapse:admin:*",
            World.scope("A".repeat(9)),
            World.scope("A".repeat(10)) + " urn:matrix:client:device:BBBBBBBBBB",
            "urn:matrix:client:device:ABCDEFGHIJ",
            World.API + " " + UNSTABLE + "device:ABCDEFGHIJ",
            UNSTABLE + "api:* urn:matrix:client:device:ABCDEFGHIJ")) {
      assertThat(answer(scope).location()).as(scope).doesNotContain("code=");
    }
  }

  @Test
  void a_banned_program_gets_no_code() {
    var banned = new Browser("EvilBrowser/2.0");
    var answer = world.consent(banned, alice, World.authorize(client, Map.of()));

    assertThat(answer.location()).doesNotContain("code=");
    assertThat(answer.body()).contains("requests from this address or program are not allowed");
  }

  @Test
  void a_rule_that_cannot_be_evaluated_is_a_refusal_in_words() {
    World.sql(
        "update latchkey.users set username = 'stumbling' where id = '%s'".formatted(alice.id()));

    var answer = answer("openid");

    assertThat(answer.status()).isLessThan(500);
    assertThat(answer.body()).contains("a rule of this server could not be asked");
    World.sql(
        "update latchkey.users set username = 'stumbled' where id = '%s'".formatted(alice.id()));
  }

  /// Presses "Allow", whether or not the page has such a button.
  private Browser.Page answer(String scope) {
    var path = World.authorize(client, Map.of("scope", scope));
    var page = browser.get(path);
    if (page.location().startsWith(World.REDIRECT_URI)) {
      return page;
    }
    while (page.status() == 303 && !page.location().contains("/consent/")) {
      page = browser.get(page.location());
    }
    var consent = page.location();
    return browser.submit(consent, browser.get(consent), Map.of());
  }
}
