package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.world.Browser;
import latchkey.world.Browser.Page;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("OAuth-Form-Post-Response-Mode")
class FormPostTest {
  private static final Map<String, String> FORM_POST = Map.of("response_mode", "form_post");
  private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\"");

  @Inject World world;

  private Person alice;
  private String client;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_has_a_client() {
    alice = world.alice();
    client = world.aPublicClient();
  }

  @Test
  void the_code_is_posted_by_a_page_of_its_own() {
    var page = world.consent(browser, alice, World.authorize(client, FORM_POST));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers().get("cache-control")).isEqualTo("no-store");
    assertThat(target(page)).isEqualTo(World.REDIRECT_URI);
    assertThat(page.fields())
        .containsOnlyKeys("state", "code", "iss")
        .containsEntry("state", "zustand")
        .containsEntry("iss", House.url() + "/");
    World.tokens(world.exchange(client, page.fields().get("code")));
  }

  @Test
  void the_page_sends_itself_by_our_script_or_by_its_button_and_runs_nothing_else() {
    var page = world.consent(browser, alice, World.authorize(client, FORM_POST));

    var script = browser.get("/assets/form-post.js");
    assertThat(page.body())
        .contains("<script src=\"/assets/form-post.js\"></script>")
        .containsPattern("<button[^>]*type=\"submit\"")
        .doesNotContainPattern("<script>|onload|javascript:");
    assertThat(script.status()).isEqualTo(200);
    assertThat(script.headers().get("content-type")).startsWith("text/javascript");
    assertThat(policy(page))
        .contains("default-src 'none'", "script-src 'self'", "form-action 'self' https:")
        .doesNotContain("unsafe-inline", "http:", "*");
  }

  @Test
  void an_error_is_posted_too() {
    var page =
        browser.get(World.authorize(client, Map.of("response_mode", "form_post", "scope", "a  b")));

    assertThat(page.status()).isEqualTo(200);
    assertThat(target(page)).isEqualTo(World.REDIRECT_URI);
    assertThat(page.fields())
        .containsOnlyKeys("state", "error", "error_description", "iss")
        .containsEntry("error", "invalid_scope");
  }

  @Test
  void not_now_is_posted_too() {
    var loginPath = browser.get(World.authorize(client, FORM_POST)).location();
    var consentPath =
        browser
            .submit(
                loginPath,
                browser.get(loginPath),
                Map.of("username", alice.username(), "password", alice.password()))
            .location();

    var question = browser.get(consentPath);

    assertThat(question.body()).contains("action=\"" + World.REDIRECT_URI + "\"");
    assertThat(question.body()).doesNotContain("href=\"" + World.REDIRECT_URI);
    assertThat(question.fields())
        .containsEntry("error", "access_denied")
        .containsEntry("state", "zustand")
        .containsEntry("iss", House.url() + "/")
        .doesNotContainKey("code");
    assertThat(policy(question)).contains("form-action 'self' https:").doesNotContain("script-src");
  }

  @Test
  void what_the_client_sent_as_state_stays_text() {
    for (var state :
        List.of(
            "\"><script>alert(1)</script>",
            "' onfocus='alert(1)' autofocus='",
            "</form><form action=\"https://evil.example.net/\">",
            "{frame.base}",
            "&quot;&#34;<&amp;")) {
      var page =
          world.consent(
              new Browser(),
              alice,
              World.authorize(client, Map.of("response_mode", "form_post", "state", state)));

      assertThat(page.fields()).as(state).containsEntry("state", state);
      assertThat(page.body()).as(state).doesNotContain("<script>", "<form action", " onfocus='");
      assertThat(FORM.matcher(page.body()).results().count()).as(state).isEqualTo(1);
    }
  }

  @Test
  void an_app_that_cannot_take_a_form_is_told_in_its_address() {
    var metadata = World.metadata();
    metadata.put("application_type", "native");
    metadata.put(
        "redirect_uris", List.of("org.example.app:/callback", "http://localhost/callback"));
    var app = world.register(metadata).jsonPath().getString("client_id");

    var scheme =
        browser.get(
            World.authorize(
                app,
                Map.of("redirect_uri", "org.example.app:/callback", "response_mode", "form_post")));
    var loopback =
        browser.get(
            World.authorize(
                app,
                Map.of(
                    "redirect_uri", "http://localhost:4711/callback",
                    "response_mode", "form_post")));

    assertThat(scheme.location()).startsWith("org.example.app:/callback?");
    assertThat(scheme.answer()).containsEntry("error", "invalid_request");
    assertThat(loopback.location()).startsWith("/login");
  }

  private static String target(Page page) {
    var form = FORM.matcher(page.body());
    assertThat(form.find()).isTrue();
    return form.group(1);
  }

  private static String policy(Page page) {
    return page.headers().getOrDefault("content-security-policy", "");
  }
}
