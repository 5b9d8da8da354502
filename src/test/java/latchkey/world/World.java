package latchkey.world;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.Hearing;
import latchkey.base.job.JobRunner;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.session.UsedGenerationsFlush;
import latchkey.domain.user.UserAccountRepository;
import org.jspecify.annotations.Nullable;

/// One object a test asks for people, clients, logins, time and errands.
@Singleton
public class World {
  public static final String API = "urn:matrix:client:api:*";
  public static final String REDIRECT_URI = "https://app.example.org/callback";
  public static final String CONFIDENTIAL = "01KB0000000000000000000001";
  public static final String CONFIDENTIAL_SECRET = "geheim: 100% & mehr";
  public static final String CONFIDENTIAL_REDIRECT_URI =
      "https://confidential.example.org/callback";

  static final String VERIFIER = "abcdefghijklmnopqrstuvwxyz-0123456789.ABCDEFGHIJ_~";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AtomicInteger PEOPLE = new AtomicInteger();

  /// Hashing one is meant to take long, so there are no more than these.
  private static final int PASSWORDS = 16;

  private final MovableClock clock;
  private final FakeHomeserver homeserver;
  private final PasswordHasher hasher;
  private final Map<String, PasswordHasher.HashedPassword> hashes = new ConcurrentHashMap<>();
  private final DueJobs jobs;
  private final DatabaseState state;
  private final Hearing hearing;
  private final UsedGenerationsFlush usedGenerations;
  private final Ids ids;

  World(
      MovableClock clock,
      FakeHomeserver homeserver,
      PasswordHasher hasher,
      JobRunner jobs,
      DatabaseState state,
      Hearing hearing,
      UsedGenerationsFlush usedGenerations,
      Randomness randomness) {
    this.clock = clock;
    this.homeserver = homeserver;
    this.hasher = hasher;
    this.jobs = new DueJobs(jobs, clock);
    this.state = state;
    this.hearing = hearing;
    this.usedGenerations = usedGenerations;
    this.ids = new Ids(randomness);
  }

  public record Person(UUID id, String username, String password) {}

  public record Tokens(String access, String refresh, String scope, String idToken) {}

  public MovableClock clock() {
    return clock;
  }

  public FakeHomeserver homeserver() {
    return homeserver;
  }

  /// A new person with an account and a password.
  public Person alice() {
    awaitReady();
    var name = "alice" + COUNT.incrementAndGet();
    var password = "correct horse " + PEOPLE.incrementAndGet() % PASSWORDS;
    try {
      var id =
          new UserAccountRepository(House.database(), clock, ids)
              .register(
                  new UserAccountRepository.NewUser(
                      name,
                      hashes.computeIfAbsent(password, word -> hasher.hash(Secret.of(word))),
                      List.of(),
                      false,
                      null));
      return new Person(id, name, password);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Registers a public client like matrix-js-sdk does, answers its id.
  public String aPublicClient() {
    return register(metadata()).then().statusCode(201).extract().path("client_id");
  }

  public static Map<String, Object> metadata() {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("client_name", "Element");
    metadata.put("client_uri", "https://app.example.org/");
    metadata.put("redirect_uris", List.of(REDIRECT_URI));
    metadata.put("grant_types", List.of("authorization_code", "refresh_token"));
    metadata.put("response_types", List.of("code"));
    metadata.put("token_endpoint_auth_method", "none");
    metadata.put("application_type", "web");
    return metadata;
  }

  public Response register(Map<String, Object> metadata) {
    awaitReady();
    return http().contentType("application/json").body(metadata).post("/oauth2/registration");
  }

  public static RequestSpecification http() {
    return given().baseUri(House.url()).redirects().follow(false);
  }

  public static String device() {
    return "DEVICE" + "%06d".formatted(COUNT.incrementAndGet());
  }

  public static String scope(String device) {
    return "openid " + API + " urn:matrix:client:device:" + device;
  }

  /// The path of an authorization request, with these parameters on top of good ones.
  public static String authorize(String client, Map<String, String> changes) {
    return "/authorize?" + Browser.encode(request(client, changes));
  }

  /// The parameters of an authorization request, these on top of good ones; an empty one is left
  /// out.
  public static Map<String, String> request(String client, Map<String, String> changes) {
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", client);
    query.put("redirect_uri", REDIRECT_URI);
    query.put("response_type", "code");
    query.put("scope", scope(device()));
    query.put("state", "zustand");
    query.put("nonce", "einmal");
    query.put("code_challenge", challenge());
    query.put("code_challenge_method", "S256");
    query.putAll(changes);
    query.values().removeIf(String::isEmpty);
    return query;
  }

  /// Signs in and consents, as a person would; answers the redirect that carries the code.
  public Browser.Page consent(Browser browser, Person person, String authorizePath) {
    var signedIn = signIn(browser, person, browser.get(authorizePath).location());
    var consent = browser.get(signedIn.location());
    return browser.submit(signedIn.location(), consent, Map.of());
  }

  /// Sends the form of a sign-in page.
  public Browser.Page signIn(Browser browser, Person person, String loginPath) {
    return browser.submit(
        loginPath,
        browser.get(loginPath),
        Map.of("username", person.username(), "password", person.password()));
  }

  /// A code for this client and person.
  public String code(Person person, String client, String scope) {
    var path = authorize(client, Map.of("scope", scope));
    return consent(new Browser(), person, path).answer().get("code");
  }

  /// The whole path: sign in, consent, exchange.
  public Tokens logIn(Person person, String client, String device) {
    return tokens(exchange(client, code(person, client, scope(device))));
  }

  public Tokens logIn(Person person) {
    return logIn(person, aPublicClient(), device());
  }

  public Response exchange(String client, String code) {
    return exchange(client, code, Map.of());
  }

  public Response exchange(String client, String code, Map<String, String> changes) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", client);
    form.put("code", code);
    form.put("redirect_uri", REDIRECT_URI);
    form.put("code_verifier", VERIFIER);
    form.putAll(changes);
    form.values().removeIf(String::isEmpty);
    return http().formParams(form).post("/oauth2/token");
  }

  public Response refresh(String client, String refreshToken) {
    return refresh(client, refreshToken, "js-sdk", "203.0.113.7");
  }

  /// As the holder of a token somewhere on the internet, behind our trusted proxy.
  public Response refresh(String client, String refreshToken, String agent, String address) {
    return http()
        .header("User-Agent", agent)
        .header("X-Forwarded-For", address)
        .formParam("grant_type", "refresh_token")
        .formParam("client_id", client)
        .formParam("refresh_token", refreshToken)
        .post("/oauth2/token");
  }

  public static Tokens tokens(Response response) {
    response.then().statusCode(200);
    return new Tokens(
        response.path("access_token"),
        response.path("refresh_token"),
        response.path("scope"),
        response.path("id_token"));
  }

  /// What a client of the legacy login sends, with these members on top.
  public static Map<String, Object> legacy(Person person, Map<String, ?> changes) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", "m.login.password");
    body.put("identifier", Map.of("type", "m.id.user", "user", person.username()));
    body.put("password", person.password());
    body.putAll(changes);
    return body;
  }

  public Response legacyLogIn(Person person, Map<String, ?> changes) {
    return legacy("login", legacy(person, changes), "nio", "203.0.113.7");
  }

  public Response legacyRefresh(String refreshToken, String agent, String address) {
    return legacy("refresh", Map.of("refresh_token", refreshToken), agent, address);
  }

  private static Response legacy(
      String verb, Map<String, Object> body, String agent, String address) {
    return http()
        .contentType("application/json")
        .header("User-Agent", agent)
        .header("X-Forwarded-For", address)
        .body(body)
        .post("/_matrix/client/v3/" + verb);
  }

  /// What a JWT says, unverified.
  public static JsonObject claims(String jwt) {
    var payload = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return new JsonObject(new String(payload, StandardCharsets.UTF_8));
  }

  /// As a homeserver does.
  public Response introspect(String token) {
    return http()
        .header("Authorization", "Bearer " + House.homeserverSecret())
        .header("X-MAS-Supports-Device-Id", "1")
        .formParam("token", token)
        .formParam("token_type_hint", "access_token")
        .post("/oauth2/introspect");
  }

  public boolean isActive(String token) {
    return introspect(token).then().statusCode(200).extract().path("active");
  }

  /// Uses are written down within a second; this does it now.
  public void flush() {
    try {
      usedGenerations.flush();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs the jobs that are due, recurring ones too, and waits until none is left that was not
  /// tried, or all wait for a homeserver that is away.
  public void runJobs() {
    jobs.run();
  }

  public void awaitReady() {
    within(Duration.ofSeconds(30), state::isReady);
  }

  /// Until changes are heard of, every answer asks the database.
  public void awaitHearing() {
    within(Duration.ofSeconds(30), hearing::isGood);
  }

  /// Waits until it is so, and fails if that takes longer.
  public static void within(Duration limit, BooleanSupplier isSo) {
    long until = System.nanoTime() + limit.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not within " + limit.toMillis() + " ms");
      }
      pause();
    }
  }

  public static long count(String sql) {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static @Nullable String text(String sql) {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static UUID uuid(String sql) {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getObject(1, UUID.class);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void sql(String sql) {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String challenge() {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
