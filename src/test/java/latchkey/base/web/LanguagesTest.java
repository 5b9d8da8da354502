package latchkey.base.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(House.class)
class LanguagesTest {
  @Inject World world;

  @BeforeEach
  void ready() {
    world.awaitReady();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {"de-AT,en;q=0.5|de|Anmelden", "en|en|Sign in", "fr|en|Sign in", "!!|en|Sign in"})
  void a_page_speaks_the_language_the_browser_asks_for(
      String wanted, String language, String button) {
    var page = new Browser().speaking(wanted).get("/login");

    assertThat(page.body())
        .contains("<html lang=\"" + language + "\" dir=\"ltr\">")
        .contains(">" + button + "</button>");
    assertThat(page.headers())
        .containsEntry("content-language", language)
        .containsEntry("vary", "Accept-Language");
  }

  @Test
  void an_error_page_does_too() {
    var page = new Browser().speaking("de").get("/nothing/here");

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.body()).contains("Seite nicht gefunden", "nenne <code dir=\"ltr\">GET-");
    assertThat(page.headers())
        .containsEntry("content-language", "de")
        .containsEntry("vary", "Accept-Language");
  }

  @Test
  void what_programs_are_told_stays_english() {
    World.http()
        .header("Accept-Language", "de")
        .formParam("grant_type", "nonsense")
        .post("/oauth2/token")
        .then()
        .statusCode(org.hamcrest.Matchers.lessThan(500))
        .header("Content-Language", org.hamcrest.Matchers.nullValue());
  }

  @Test
  @Tag("OIDC-3.1.2.1")
  void ui_locales_speak_for_the_person_until_the_device_has_its_name() {
    var browser = new Browser().speaking("en");
    var alice = world.alice();
    var client = world.aPublicClient();
    var device = World.device();
    var path =
        World.authorize(client, Map.of("ui_locales", "it de-CH", "scope", World.scope(device)));

    var login = browser.get(browser.get(path).location());
    assertThat(login.body()).contains("lang=\"de\"", "Anmelden und weiter zu <bdi>Element</bdi>");

    var callback = world.consent(browser, alice, path);
    World.tokens(world.exchange(client, callback.answer().get("code")));
    assertThat(world.homeserver().deviceName(alice.username(), device)).startsWith("Element auf ");
  }

  @Test
  void the_device_is_named_in_the_language_of_the_browser_that_asked() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var device = World.device();
    var path = World.authorize(client, Map.of("scope", World.scope(device)));

    var callback = world.consent(new Browser().speaking("de"), alice, path);
    World.tokens(world.exchange(client, callback.answer().get("code")));

    assertThat(world.homeserver().deviceName(alice.username(), device)).startsWith("Element auf ");
  }
}
