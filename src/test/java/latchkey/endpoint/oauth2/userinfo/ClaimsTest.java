package latchkey.endpoint.oauth2.userinfo;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.oauth.Acr;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a client is told of a person: by scope, by the parameter `claims`, plain and signed.
@QuarkusTest
@WithTestResource(House.class)
class ClaimsTest {
  private static final List<String> STANDARD =
      List.of("name", "preferred_username", "email", "email_verified");

  @Inject World world;

  private Person alice;
  private String client;
  private String email;

  @BeforeEach
  void alice_has_a_name_and_an_address() {
    alice = world.alice();
    client = world.aPublicClient();
    email = alice.username() + "@mail.example.org";
    World.sql(
        "insert into latchkey.user_emails (id, user_id, email, created_at) values"
            + " (gen_random_uuid(), '%s', '%s', now())".formatted(alice.id(), email));
    world.homeserver().setDisplayName(alice.username(), "Alice <the> “first”");
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  @Tag("OIDC-Core-5.4")
  void scopes_bring_their_claims_at_userinfo_and_not_in_the_id_token() {
    var tokens = logIn(Map.of("scope", "openid profile email"));

    var claims = userinfo(tokens);

    assertThat(claims.getMap())
        .containsEntry("sub", Ids.text(alice.id()))
        .containsEntry("username", alice.username())
        .containsEntry("preferred_username", alice.username())
        .containsEntry("name", "Alice <the> “first”")
        .containsEntry("email", email)
        .containsEntry("email_verified", true);
    assertThat(World.claims(tokens.idToken()).fieldNames()).doesNotContainAnyElementsOf(STANDARD);
  }

  @Test
  void openid_alone_brings_who_it_is_and_nothing_more() {
    assertThat(userinfo(logIn(Map.of("scope", "openid"))).fieldNames())
        .containsExactlyInAnyOrder("sub", "username");
  }

  @Test
  @Tag("OIDC-Core-5.5")
  void claims_asked_for_by_name_come_where_they_were_asked_for() {
    var wanted =
        """
        {"userinfo": {"email": {"essential": true}, "email_verified": null, "birthdate": null},
         "id_token": {"name": null, "preferred_username": {"value": "somebody else"}, "x": {"values": [1]},
                      "auth_time": {"essential": true}},
         "something": 5}
        """;

    var tokens = logIn(Map.of("scope", "openid", "claims", wanted));

    assertThat(userinfo(tokens).fieldNames())
        .containsExactlyInAnyOrder("sub", "username", "email", "email_verified");
    assertThat(World.claims(tokens.idToken()).getMap())
        .containsEntry("name", "Alice <the> “first”")
        .containsEntry("preferred_username", alice.username())
        .containsKey("auth_time")
        .doesNotContainKeys("email", "x", "birthdate");
    var refreshed = tokens(world.refresh(client, tokens.refresh()));
    assertThat(userinfo(refreshed).getString("email")).isEqualTo(email);
  }

  @Test
  void what_a_claim_tells_the_consent_page_says() {
    var browser = new Browser();
    world.signIn(browser, alice, "/login");
    var wanted = "{\"id_token\":{\"email\":null},\"userinfo\":{\"name\":null}}";

    var path = World.authorize(client, Map.of("scope", "openid", "claims", wanted));
    var page = browser.get(browser.get(path).location());

    assertThat(page.body()).contains("Know your e-mail address", "Know your display name");
  }

  @Test
  void malformed_claims_are_invalid_request() {
    for (var claims :
        List.of(
            "nonsense",
            "[]",
            "\"x\"",
            "{\"userinfo\":5}",
            "{\"id_token\":[]}",
            "{\"userinfo\":{\"email\":true}}",
            "{\"userinfo\":{\"email\":{\"essential\":\"yes\"}}}",
            "{\"userinfo\":{\"email\":{\"values\":\"x\"}}}",
            "{\"userinfo\":{\"email\":null,\"email\":null}}",
            "{\"a\":1} {}",
            "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
      var page = new Browser().get(World.authorize(client, Map.of("claims", claims)));
      assertThat(page.answer()).as(claims).containsEntry("error", "invalid_request");
    }
  }

  @Test
  @Tag("OIDC-Core-5.5.1.1")
  void an_essential_acr_that_cannot_be_reached_is_told_and_a_wish_is_not() {
    var page =
        new Browser()
            .get(
                World.authorize(
                    client,
                    Map.of(
                        "claims",
                        "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"urn:x\"]}}}")));
    var reached =
        "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"urn:x\",\"%s\"]}}}"
            .formatted(Acr.PASSWORD);
    var wish = "{\"id_token\":{\"acr\":{\"value\":\"urn:x\"}}}";

    assertThat(page.answer()).containsEntry("error", "unmet_authentication_requirements");
    for (var claims : List.of(reached, wish)) {
      assertThat(acr(logIn(Map.of("claims", claims)))).isEqualTo(Acr.PASSWORD);
    }
    assertThat(acr(logIn(Map.of("acr_values", "urn:x urn:y")))).isEqualTo(Acr.PASSWORD);
  }

  @Test
  @Tag("OIDC-Unmet-1")
  void when_the_last_provider_goes_meanwhile_the_client_is_told() {
    var essential =
        "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"%s\"}}}".formatted(Acr.PASSWORD);
    var browser = new Browser();
    var login = browser.get(World.authorize(client, Map.of("claims", essential))).location();
    var consent = world.signIn(browser, alice, login).location();
    var silent =
        browser
            .get(World.authorize(client, Map.of("claims", essential, "prompt", "none")))
            .location();
    assertThat(browser.get(consent).status()).isEqualTo(200);

    for (var grant : List.of(consent, silent)) {
      World.sql(
          "update latchkey.authorization_grants set essential_acrs = '{urn:x}' where id = '%s'"
              .formatted(Ids.parse(grant.replace("/consent/", "")).orElseThrow()));
      assertThat(browser.get(grant).answer())
          .containsEntry("error", "unmet_authentication_requirements");
    }
  }

  @Test
  @Tag("RFC8176-2")
  void the_id_token_says_how_the_person_signed_in() throws ParseException {
    var idToken = logIn(Map.of("scope", "openid", "max_age", "1000")).idToken();
    var claims = World.claims(idToken);

    // Who registered no algorithm gets the one every client knows.
    assertThat(header(idToken, "alg")).isEqualTo("RS256");
    assertThat(claims.getJsonArray("amr")).containsExactly("pwd");
    assertThat(claims.getString("acr")).isEqualTo(Acr.PASSWORD);
    assertThat(claims.getString("nonce")).isEqualTo("einmal");
    assertThat(claims.getString("aud")).isEqualTo(client);
    assertThat(claims.getLong("auth_time"))
        .isBetween(claims.getLong("iat") - 60, claims.getLong("iat"));
  }

  @Test
  void a_person_without_name_or_address_is_told_of_without_them() {
    alice = world.alice();

    assertThat(userinfo(logIn(Map.of("scope", "openid profile email"))).fieldNames())
        .containsExactlyInAnyOrder("sub", "username", "preferred_username");
  }

  @Test
  void a_homeserver_that_is_away_or_slow_costs_the_name_only() {
    var tokens = logIn(Map.of("scope", "openid profile email"));
    world.homeserver().goAway();
    assertThat(userinfo(tokens).getString("email")).isEqualTo(email);
    assertThat(userinfo(tokens).containsKey("name")).isFalse();
    world.homeserver().comeBack();
    assertThat(userinfo(tokens).getString("name")).startsWith("Alice");

    alice = world.alice();
    var slow = logIn(Map.of("scope", "openid profile"));
    world.homeserver().answerAfter(Duration.ofSeconds(3));
    var before = System.nanoTime();
    assertThat(userinfo(slow).containsKey("name")).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(2500));
  }

  @Test
  @Tag("OIDC-Core-5.3.2")
  void a_client_that_registered_an_algorithm_gets_signed_answers() throws Exception {
    for (var algorithm : List.of("RS256", "PS384", "ES256")) {
      var metadata = World.metadata();
      metadata.put("client_name", "Signed with " + algorithm);
      metadata.put("userinfo_signed_response_alg", algorithm);
      metadata.put("id_token_signed_response_alg", algorithm);
      var registered = world.register(metadata).then().statusCode(201).extract().jsonPath();
      client = registered.getString("client_id");

      var tokens = logIn(Map.of("scope", "openid email"));
      var answer = ask(tokens);
      var jwt = answer.asString();
      var claims = World.claims(jwt);

      assertThat(registered.getString("userinfo_signed_response_alg")).isEqualTo(algorithm);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.contentType()).startsWith("application/jwt");
      assertThat(header(jwt, "alg")).isEqualTo(algorithm);
      assertThat(header(tokens.idToken(), "alg")).isEqualTo(algorithm);
      assertThat(isSignedByUs(jwt)).as(algorithm).isTrue();
      assertThat(isSignedByUs(tokens.idToken())).as(algorithm).isTrue();
      assertThat(claims.getString("iss")).isEqualTo(House.url() + "/");
      assertThat(claims.getString("aud")).isEqualTo(client);
      assertThat(claims.getString("sub")).isEqualTo(Ids.text(alice.id()));
      assertThat(claims.getString("email")).isEqualTo(email);
    }
  }

  private Tokens logIn(Map<String, String> changes) {
    var answer = world.consent(new Browser(), alice, World.authorize(client, changes)).answer();
    return tokens(world.exchange(client, answer.get("code")));
  }

  private static Response ask(Tokens tokens) {
    return World.http()
        .header("Authorization", "Bearer " + tokens.access())
        .get("/oauth2/userinfo");
  }

  private static JsonObject userinfo(Tokens tokens) {
    var answer = ask(tokens);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/json");
    return new JsonObject(answer.asString());
  }

  private static String acr(Tokens tokens) {
    return World.claims(tokens.idToken()).getString("acr");
  }

  private static String header(String jwt, String member) throws ParseException {
    return String.valueOf(SignedJWT.parse(jwt).getHeader().toJSONObject().get(member));
  }

  private static boolean isSignedByUs(String compact) throws ParseException, JOSEException {
    var jwt = SignedJWT.parse(compact);
    var keys = JWKSet.parse(World.http().get("/oauth2/keys.json").asString());
    return switch (keys.getKeyByKeyId(jwt.getHeader().getKeyID())) {
      case RSAKey rsa -> jwt.verify(new RSASSAVerifier(rsa));
      case ECKey ec -> jwt.verify(new ECDSAVerifier(ec));
      default -> false;
    };
  }
}
