package latchkey.endpoint.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.RecipesHouse;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the pages of `docs/organisations` and the published shapes of `configuration.md` 12.4 make
/// of somebody, from the first click to the account, with what those providers say.
@QuarkusTest
@WithTestResource(RecipesHouse.class)
class RecipesTest {
  @Inject
  @SuppressWarnings("NullAway.Init")
  World world;

  /// @param claims what the provider says, in the ID token and at userinfo
  /// @param subject by which they are found again
  /// @param username typed if the provider does not say it
  /// @param accountName by which they recognise their account there
  @SuppressWarnings("ImmutableEnumChecker")
  enum Recipe {
    KEYCLOAK(person("kc", "preferred_username", "alice.kc"), "sub-kc", "alice.kc", "alice.kc"),
    DEX(
        person("dex", "preferred_username", "alice.dex", "groups", List.of("staff")),
        "sub-dex",
        "alice.dex",
        "alice@dex.example"),
    ENTRA_ID(
        person("entra", "preferred_username", "alice.entra@contoso.example", "oid", "00-aa"),
        "00-aa",
        "alice.entra",
        "alice.entra@contoso.example"),
    GOOGLE(
        person("google", "email", "alice.google@example.com", "hd", "example.com"),
        "sub-google",
        "alice.google",
        "alice.google@example.com"),
    AUTHENTIK(person("ak", "preferred_username", "alice.ak"), "sub-ak", "alice.ak", "alice.ak"),
    AUTHELIA(
        person("authelia", "preferred_username", "alice.authelia"),
        "sub-authelia",
        "alice.authelia",
        "alice.authelia"),
    GITHUB(
        Map.of("id", 583231, "login", "Octocat", "name", "Alice Smith"),
        "583231",
        "octocat",
        "@Octocat"),
    GITLAB(
        person("gitlab", "nickname", "Alice.GitLab"), "sub-gitlab", "alice.gitlab", "Alice.GitLab"),
    APPLE(
        Map.of("email", "x@privaterelay.example"),
        "sub-apple",
        "alice.apple",
        "x@privaterelay.example"),
    AUTHELIA_INSECURE(
        person("authelia.insecure", "preferred_username", "alice.insecure"),
        "sub-authelia-insecure",
        "alice.insecure",
        null),
    AZURE(
        person("azure", "preferred_username", "alice.azure@contoso.example"),
        "sub-azure",
        "alice.azure",
        null),
    DISCORD(
        Map.of(
            "id",
            "80351110224678912",
            "username",
            "nelly",
            "global_name",
            "Alice Smith",
            "email",
            "nelly@example.com"),
        "80351110224678912",
        "nelly",
        null),
    FACEBOOK(person("facebook"), "sub-facebook", "alice.facebook", null),
    KANIDM(
        person("kanidm", "preferred_username", "alice.kanidm@idm.example"),
        "sub-kanidm",
        "alice.kanidm",
        null),
    RAUTHY(
        person("rauthy", "preferred_username", "alice.rauthy"), "sub-rauthy", "alice.rauthy", null),
    SHIBBOLETH(
        person("shibboleth", "preferred_username", "alice.shibboleth"),
        "sub-shibboleth",
        "alice.shibboleth",
        null);

    private final Map<String, Object> claims;
    private final String subject;
    private final String username;
    private final String accountName;

    Recipe(
        Map<String, Object> claims, String subject, String username, @Nullable String accountName) {
      this.claims = claims;
      this.subject = subject;
      this.username = username;
      this.accountName = accountName == null ? "" : accountName;
    }

    String page() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String id() {
      return RecipesHouse.recipe(page()).get("id").toString();
    }

    private static Map<String, Object> person(String name, Object... more) {
      var claims = new HashMap<String, Object>();
      claims.put("name", "Alice Smith");
      claims.put("email", "alice@" + name + ".example");
      for (int i = 0; i < more.length; i += 2) {
        claims.put(more[i].toString(), more[i + 1]);
      }
      return claims;
    }
  }

  /// What an ID token has to have, and no more.
  private static final Set<String> BARE =
      Set.of("iss", "aud", "sub", "iat", "exp", "nonce", "at_hash", "auth_time", "sid");

  @BeforeEach
  void ready() {
    world.awaitReady();
    RecipesHouse.provider().liveBy(world.clock());
  }

  @Test
  void there_is_a_row_here_for_every_page_and_every_published_shape() {
    var rows = Arrays.stream(Recipe.values()).map(Recipe::page).toList();

    assertThat(rows).containsAll(RecipesHouse.pages().keySet());
    assertThat(RecipesHouse.pages()).hasSize(9);
    assertThat(rows).containsAll(RecipesHouse.shapes());
    assertThat(RecipesHouse.shapes()).hasSize(13);
  }

  @ParameterizedTest
  @EnumSource
  void who_comes_by_it_for_the_first_time_gets_their_account_and_the_next_time_the_same(
      Recipe recipe) {
    become(recipe);

    var browser = new Browser();
    var link = arrive(browser, recipe);
    var met = browser.get(link);
    if (met.status() == 200) {
      var form =
          Map.of(
              "username", recipe.username,
              "import_display_name", "on",
              "import_email", "on",
              "display_name", "Alice Smith");
      met = browser.submit(link, met, form);
    }
    assertThat(met.status()).as(met.body()).isEqualTo(303);

    var again = new Browser();
    assertThat(again.get(arrive(again, recipe)).status()).isEqualTo(303);
    assertThat(again.get("/account/").body()).contains(recipe.username);
    assertAccount(recipe);
    assertAsked(recipe);
  }

  private static void become(Recipe recipe) {
    RecipesHouse.become(recipe.page());
    var provider = RecipesHouse.provider();
    provider.person(
        recipe.subject.startsWith("sub-") ? recipe.subject : "sub of " + recipe, recipe.claims);
    switch (recipe) {
      // Since 4.39.
      case AUTHELIA, DISCORD -> provider.onIdToken(claims -> claims.keySet().retainAll(BARE));
      case APPLE ->
          provider.onCallback(
              answer ->
                  answer.put(
                      "user", "{\"name\":{\"firstName\":\"Alice\",\"lastName\":\"Smith\"}}"));
      default -> {}
    }
  }

  /// To the provider and back; where that leads.
  private static String arrive(Browser browser, Recipe recipe) {
    var there = browser.get("/upstream/authorize/" + recipe.id());
    assertThat(there.status()).as(there.body()).isEqualTo(307);
    var answer = browser.get(there.location());
    var callback = "/upstream/callback/" + recipe.id();
    Browser.Page back;
    if (answer.status() == 200) {
      // A form on another site, which comes without our cookie; it is posted again from here.
      var repeated = browser.postFromElsewhere(callback, answer.fields());
      assertThat(repeated.fields()).containsEntry("did_mas_repost_to_itself", "true");
      back = browser.post(callback, repeated.fields());
    } else {
      back = browser.get(answer.location());
    }
    assertThat(back.status()).as(back.body()).isEqualTo(303);
    return back.location();
  }

  private void assertAccount(Recipe recipe) {
    var ofUser =
        " from latchkey.upstream_links l join latchkey.users u on u.id = l.user_id where u.username = '"
            + recipe.username
            + "'";
    assertThat(World.text("select l.subject" + ofUser)).isEqualTo(recipe.subject);
    assertThat(World.text("select coalesce(l.human_account_name, '')" + ofUser))
        .isEqualTo(recipe.accountName);
    assertThat(World.count("select count(*)" + ofUser)).isOne();
    world.runJobs();
    assertThat(world.homeserver().displayName(recipe.username)).contains("Alice Smith");
    assertThat(
            World.count(
                "select count(*) from latchkey.user_emails e join latchkey.users u on u.id = e.user_id"
                    + " where u.username = '%s' and e.email = '%s'"
                        .formatted(recipe.username, recipe.claims.getOrDefault("email", ""))))
        .isEqualTo(recipe.claims.containsKey("email") ? 1 : 0);
  }

  /// The recipe is kept, by what the provider was asked.
  private static void assertAsked(Recipe recipe) {
    var written = RecipesHouse.recipe(recipe.page());
    var asked = RecipesHouse.provider().lastAsked(Endpoint.AUTHORIZE);
    var scopes = requireNonNull(written.getOrDefault("scope", "openid")).toString().split(" ");
    assertThat(asked).containsEntry("response_type", "code");
    assertThat(new HashSet<>(List.of(asked.getOrDefault("scope", "").split(" "))))
        .isEqualTo(Set.of(scopes));
    assertThat(asked.get("response_mode")).isEqualTo(written.get("response_mode"));
    assertThat(asked.containsKey("code_challenge"))
        .isEqualTo(
            !"disabled".equals(written.get("discovery_mode"))
                || "always".equals(written.get("pkce_method")));
    if (written.get("additional_authorization_parameters") instanceof Map<?, ?> more) {
      more.forEach(
          (name, value) -> assertThat(asked).containsEntry(name.toString(), value.toString()));
    }
    boolean fetches = Boolean.TRUE.equals(written.get("fetch_userinfo"));
    assertThat(RecipesHouse.provider().asked(Endpoint.USERINFO).isEmpty()).isEqualTo(!fetches);
  }
}
