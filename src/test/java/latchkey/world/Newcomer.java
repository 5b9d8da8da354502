package latchkey.world;

import static io.restassured.RestAssured.given;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;

/// Somebody whose browser session, with a client in it, is that of a sign-in through a provider:
/// signed in here by password, and the trip written down as if that had been it. For tests of what
/// comes after a trip.
///
/// @param trip the row of `upstream_sessions`
public record Newcomer(
    World.Person person,
    String subject,
    Browser browser,
    UUID browserSession,
    World.Tokens tokens,
    String device,
    UUID link,
    UUID trip) {
  private static final String BACK = "https://latchkey.example/callback";

  /// Signs somebody in whom the provider knows by that subject; the one at its browser from now on.
  ///
  /// @param claims of their ID token, beyond `sub`
  public static Newcomer of(
      World world,
      FakeUpstream provider,
      Encryption encryption,
      String subject,
      Map<String, Object> claims) {
    provider.person(subject, claims);
    var ids = new Ids(new Randomness());
    var person = world.alice();
    var link = ids.next(world.clock().instant());
    World.sql(
        """
        insert into latchkey.upstream_providers (id, client_id, created_at) values ('%s', 'x', now())
        on conflict do nothing
        """
            .formatted(Ids.parse(provider.id()).orElseThrow()));
    World.sql(
        """
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
        values ('%s', '%s', '%s', '%s', '%s')
        """
            .formatted(
                link,
                Ids.parse(provider.id()).orElseThrow(),
                person.id(),
                subject,
                world.clock().instant()));
    return again(world, provider, encryption, person, subject, link, new Browser());
  }

  /// The same person once more, in another browser.
  public Newcomer elsewhere(World world, FakeUpstream provider, Encryption encryption) {
    return again(world, provider, encryption, person, subject, link, new Browser());
  }

  /// The same person once more, in the same browser.
  public Newcomer again(World world, FakeUpstream provider, Encryption encryption) {
    return again(world, provider, encryption, person, subject, link, browser);
  }

  private static Newcomer again(
      World world,
      FakeUpstream provider,
      Encryption encryption,
      World.Person person,
      String subject,
      UUID link,
      Browser browser) {
    var device = World.device();
    var client = world.aPublicClient();
    var code = code(browser, person, client, device);
    var tokens = World.tokens(world.exchange(client, code));
    var session =
        World.uuid(
            "select browser_session_id from latchkey.oauth_sessions where user_id = '%s' and device_id = '%s'"
                .formatted(person.id(), device));
    var granted = tokens(provider);
    var trip = new Ids(new Randomness()).next(world.clock().instant());
    var now = world.clock().instant();
    World.sql(
        """
        insert into latchkey.upstream_sessions (id, provider_id, link_id, browser_session_id, created_at, completed_at,
               consumed_at, subject, sid, acr, amr, auth_time, encrypted_id_token, encrypted_refresh_token, revalidate_at)
        values ('%s', '%s', '%s', '%s', '%s', '%s', '%s', '%s', '%s', 'urn:example:gold', '{hwk,pin}', '%s', '%s', '%s',
               '%s')
        """
            .formatted(
                trip,
                Ids.parse(provider.id()).orElseThrow(),
                link,
                session,
                now,
                now,
                now,
                subject,
                provider.sid(subject),
                now.minusSeconds(3600),
                encryption.encrypt(Secret.of(granted.get("id_token"))),
                encryption.encrypt(Secret.of(granted.get("refresh_token"))),
                now.plusSeconds(120)));
    World.sql(
        "update latchkey.browser_sessions set upstream_session_id = '%s' where id = '%s'"
            .formatted(trip, session));
    return new Newcomer(person, subject, browser, session, tokens, device, link, trip);
  }

  /// Signs in by password, whoever is signed in already, and consents.
  private static String code(Browser browser, World.Person person, String client, String device) {
    var wishes = Map.of("scope", World.scope(device), "prompt", "login");
    var at = arrive(browser, World.authorize(client, wishes));
    var proof = Map.of("username", person.username(), "password", person.password());
    var signedIn = browser.submit(at, browser.get(at), proof);
    at = arrive(browser, signedIn.location());
    return browser.submit(at, browser.get(at), Map.of()).answer().get("code");
  }

  /// Where redirects end.
  private static String arrive(Browser browser, String path) {
    var page = browser.get(path);
    return page.status() == 303 ? arrive(browser, page.location()) : path;
  }

  /// What the provider gives for whoever is at its browser.
  private static Map<String, String> tokens(FakeUpstream provider) {
    var location =
        given()
            .redirects()
            .follow(false)
            .queryParams(
                Map.of(
                    "client_id",
                    FakeUpstream.CLIENT_ID,
                    "redirect_uri",
                    BACK,
                    "response_type",
                    "code",
                    "scope",
                    "openid"))
            .get(provider.url(FakeUpstream.Endpoint.AUTHORIZE))
            .header("Location");
    var code = new Browser.Page(302, "", Map.of("location", location)).answer().get("code");
    var answer =
        given()
            .auth()
            .preemptive()
            .basic(encoded(FakeUpstream.CLIENT_ID), encoded(FakeUpstream.CLIENT_SECRET))
            .formParams(
                Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", BACK))
            .post(provider.url(FakeUpstream.Endpoint.TOKEN));
    answer.then().statusCode(200);
    return Map.of(
        "id_token", answer.path("id_token"), "refresh_token", answer.path("refresh_token"));
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Whether its client still has what it had.
  public boolean isSignedIn(World world) {
    return world.isActive(tokens.access());
  }

  /// Whether its browser is still signed in.
  public boolean isBrowserSignedIn() {
    return World.count(
            "select count(*) from latchkey.browser_sessions where id = '%s' and finished_at is null"
                .formatted(browserSession))
        == 1;
  }

  /// Why its session ended; empty if it has not.
  public String reason() {
    var reason =
        World.text(
            "select coalesce(finished_reason, '') from latchkey.oauth_sessions where user_id = '%s' and device_id = '%s'"
                .formatted(person.id(), device));
    return reason == null ? "" : reason;
  }

  /// The kinds of events about the person, oldest first.
  public List<String> events() {
    var kinds =
        World.text(
            "select coalesce(string_agg(kind, ',' order by id), '') from latchkey.audit_events where user_id = '%s'"
                .formatted(person.id()));
    return kinds == null || kinds.isEmpty() ? List.of() : List.of(kinds.split(",", -1));
  }
}
