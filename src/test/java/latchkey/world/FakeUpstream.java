package latchkey.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An identity provider over real HTTP, on loopback: OpenID Connect as the specifications have it,
/// for one client. It knows people, answers an authorization request at once for the one at the
/// browser, checks what it is told and remembers what it was asked.
///
/// What it does wrong, a test asks of it: a fault at an endpoint, a signature that is none, or
/// other words in what it says (`onIdToken` and the like: each is given what would be said, to
/// change it). [#reset] ends all of that, and forgets everybody.
public final class FakeUpstream implements AutoCloseable {
  public static final String CLIENT_ID = "latchkey at work";
  public static final String CLIENT_SECRET = "geheim: 100% & mehr, und laenger als 32 Byte";
  static final String PATH = "/realms/people";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Where it can be asked something.
  public enum Endpoint {
    METADATA("/.well-known/openid-configuration"),
    KEYS("/keys"),
    AUTHORIZE("/authorize"),
    TOKEN("/token"),
    USERINFO("/userinfo"),
    END_SESSION("/logout"),
    /// Where [Fault#REDIRECTS] leads to.
    ELSEWHERE("/elsewhere");

    final String path;

    Endpoint(String path) {
      this.path = path;
    }
  }

  /// What an endpoint does instead of answering.
  public enum Fault {
    /// Takes the request and says nothing, until [#reset].
    HANGS,
    /// Says the right thing, a byte every 200 ms.
    TRICKLES,
    /// Says the right thing after 8 MiB of something else.
    OVERSIZED,
    /// 500: it may be what was asked.
    FAILS,
    /// 503: it is not there, whatever is asked.
    IS_AWAY,
    /// 429 (RFC 6585), and no JSON.
    HAS_ENOUGH,
    /// 200, and no JSON.
    BABBLES,
    REDIRECTS
  }

  /// How JWTs are signed.
  public enum Signature {
    PROPER,
    /// `alg` is `none`.
    NONE,
    /// By somebody else's key, under the name of ours.
    FORGED,
    /// By somebody else's key, which the header brings along.
    EMBEDDED,
    /// HS256, with the public key as the secret.
    PUBLIC_KEY_AS_SECRET
  }

  /// A request it took.
  ///
  /// @param parameters of the query, or of the form
  /// @param headers by their names in small letters
  public record Asked(
      Endpoint endpoint,
      String method,
      Map<String, String> parameters,
      Map<String, String> headers) {}

  final Map<String, Map<String, Object>> people = new ConcurrentHashMap<>();
  final Set<String> disabled = ConcurrentHashMap.newKeySet();
  final Map<String, String> sids = new ConcurrentHashMap<>();
  final Map<Endpoint, Fault> faults = new ConcurrentHashMap<>();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final UpstreamSigner signer = new UpstreamSigner(this);
  final UpstreamClientCheck clientCheck = new UpstreamClientCheck(this);
  volatile String atTheBrowser = "";
  volatile boolean hasIdTokens = true;
  volatile boolean hasGitHubManners;
  volatile boolean takesCodesTwice;
  volatile String userinfoAlgorithm = "";
  volatile Map<String, String> refusal = Map.of();
  volatile InstantSource clock = InstantSource.system();
  volatile Consumer<Map<String, Object>> metadataChange = _ -> {};
  volatile Consumer<List<Map<String, Object>>> keysChange = _ -> {};
  volatile Consumer<Map<String, Object>> idTokenChange = _ -> {};
  volatile Consumer<Map<String, Object>> userinfoChange = _ -> {};
  volatile Consumer<Map<String, Object>> tokenChange = _ -> {};
  volatile Consumer<Map<String, String>> callbackChange = _ -> {};
  volatile CountDownLatch stuck = new CountDownLatch(1);

  private final String id;
  private final UpstreamDoor door;

  /// @param id the ULID of the provider in our configuration
  public FakeUpstream(String id) {
    this.id = id;
    this.door = new UpstreamDoor(this);
  }

  public String id() {
    return id;
  }

  public String issuer() {
    return "http://127.0.0.1:" + door.port() + PATH;
  }

  public String url(Endpoint endpoint) {
    return issuer() + endpoint.path;
  }

  /// An entry of `upstream_oauth2.providers`.
  ///
  /// @param further keys of it, one a line; those given here replace what would be there otherwise
  public String yaml(String further) {
    var keys = new LinkedHashMap<String, String>();
    keys.put("id", id);
    keys.put("issuer", issuer());
    keys.put("client_id", CLIENT_ID);
    keys.put("client_secret", '"' + CLIENT_SECRET + '"');
    keys.put("token_endpoint_auth_method", "client_secret_basic");
    keys.put("discovery_mode", "insecure");
    further
        .lines()
        .filter(line -> !line.startsWith(" "))
        .forEach(line -> keys.remove(line.substring(0, line.indexOf(':'))));
    var text = new StringBuilder();
    keys.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    var entry = text.append(further).toString().indent(2).stripTrailing();
    return "-" + entry.substring(1) + '\n';
  }

  /// Somebody it knows, and who sits at the browser from now on.
  ///
  /// @param claims beyond `sub`; they replace what was known of the person
  public void person(String subject, Map<String, Object> claims) {
    people.put(subject, Map.copyOf(claims));
    sids.putIfAbsent(subject, signer.random());
    atTheBrowser = subject;
  }

  /// The name of the session of a person (`sid`).
  public String sid(String subject) {
    return Objects.requireNonNull(sids.get(subject));
  }

  /// The person comes back in another session.
  public void beginNewSession(String subject) {
    sids.put(subject, signer.random());
  }

  /// From now on nobody gets anything for this person: no code, no token, no claims.
  public void disable(String subject) {
    disabled.add(subject);
  }

  public void enable(String subject) {
    disabled.remove(subject);
  }

  /// From now on every authorization request is answered with an error.
  public void refuse(String error, String description) {
    refusal = Map.of("error", error, "error_description", description);
  }

  /// How the client has to prove itself: `token_endpoint_auth_method`.
  public void demand(String authenticationMethod) {
    clientCheck.method = authenticationMethod;
  }

  public void changeClientSecret(String secret) {
    clientCheck.secret = secret;
  }

  /// The keys of the client for `private_key_jwt`.
  public void trustClientKeys(String jwks) {
    clientCheck.jwks = jwks;
  }

  /// Demands a client secret as Apple does.
  ///
  /// @param publicKey as JWK
  public void demandApple(String teamId, String keyId, String publicKey) {
    demand("sign_in_with_apple");
    clientCheck.apple = new UpstreamClientCheck.Apple(teamId, keyId, publicKey);
  }

  /// Signs with this algorithm: one of RS256, PS256, ES256, HS256 (with the client secret) and
  /// their longer brothers.
  public void signWith(String algorithm) {
    signer.algorithm = algorithm;
  }

  public void signature(Signature signature) {
    signer.signature = signature;
  }

  /// Has new keys, and never had others.
  public void rotateKeys() {
    signer.rotate();
  }

  /// OAuth 2 without OpenID Connect.
  public void hasNoIdTokens() {
    hasIdTokens = false;
  }

  /// No ID tokens; a form instead of JSON for who does not ask for JSON; token errors with status
  /// 200; no userinfo for who has no `User-Agent`.
  public void hasGitHubManners() {
    hasIdTokens = false;
    hasGitHubManners = true;
  }

  /// A code is good for more than once, against RFC 6749 §4.1.2: whatever stops a second one is
  /// ours.
  public void takesCodesTwice() {
    takesCodesTwice = true;
  }

  public void signsUserinfo(String algorithm) {
    userinfoAlgorithm = algorithm;
  }

  public void onMetadata(Consumer<Map<String, Object>> change) {
    metadataChange = change;
  }

  public void onKeys(Consumer<List<Map<String, Object>>> change) {
    keysChange = change;
  }

  public void onIdToken(Consumer<Map<String, Object>> change) {
    idTokenChange = change;
  }

  public void onUserinfo(Consumer<Map<String, Object>> change) {
    userinfoChange = change;
  }

  public void onTokens(Consumer<Map<String, Object>> change) {
    tokenChange = change;
  }

  /// What comes to the callback: `code`, `state`, `iss`.
  public void onCallback(Consumer<Map<String, String>> change) {
    callbackChange = change;
  }

  public void fault(Endpoint endpoint, Fault fault) {
    faults.put(endpoint, fault);
  }

  public void clearFaults() {
    stuck.countDown();
    stuck = new CountDownLatch(1);
    faults.clear();
  }

  /// Nobody listens any more.
  public void goDown() {
    door.close();
  }

  public void comeBack() {
    door.open();
  }

  /// It lives by this clock.
  public void liveBy(InstantSource clock) {
    this.clock = clock;
  }

  /// What an endpoint was asked, oldest first.
  public List<Asked> asked(Endpoint endpoint) {
    return asked.stream().filter(one -> one.endpoint == endpoint).toList();
  }

  /// The parameters of the latest request.
  public Map<String, String> lastAsked(Endpoint endpoint) {
    var all = asked(endpoint);
    return all.isEmpty() ? Map.of() : all.getLast().parameters();
  }

  /// A token of back-channel logout (OpenID Connect Back-Channel Logout 1.0 §2.4).
  ///
  /// @param subject left out if null
  /// @param sid left out if null
  /// @param change of the claims
  public String logoutToken(
      @Nullable String subject, @Nullable String sid, Consumer<Map<String, Object>> change) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuer());
    claims.put("aud", CLIENT_ID);
    claims.put("iat", now().getEpochSecond());
    claims.put("exp", now().plusSeconds(120).getEpochSecond());
    claims.put("jti", signer.random());
    claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    if (subject != null) {
      claims.put("sub", subject);
    }
    if (sid != null) {
      claims.put("sid", sid);
    }
    change.accept(claims);
    return signer.sign("logout+jwt", claims);
  }

  /// An ID token for the person at the browser, as it would be given now; for who injects one.
  public String idToken(String nonce) {
    return signer.idToken(atTheBrowser, nonce, "");
  }

  /// The access tokens of before are good for nothing any more.
  public void forgetAccessTokens() {
    door.forgetAccessTokens();
  }

  /// All is well again, and everybody forgotten, but it lives by the same clock.
  public void reset() {
    stuck.countDown();
    stuck = new CountDownLatch(1);
    faults.clear();
    people.clear();
    disabled.clear();
    sids.clear();
    asked.clear();
    atTheBrowser = "";
    hasIdTokens = true;
    hasGitHubManners = false;
    takesCodesTwice = false;
    userinfoAlgorithm = "";
    refusal = Map.of();
    metadataChange = _ -> {};
    keysChange = _ -> {};
    idTokenChange = _ -> {};
    userinfoChange = _ -> {};
    tokenChange = _ -> {};
    callbackChange = _ -> {};
    signer.reset();
    clientCheck.reset();
    door.forget();
    door.open();
  }

  @Override
  public void close() {
    stuck.countDown();
    door.close();
  }

  Instant now() {
    return clock.instant();
  }

  Map<String, Object> claimsOf(String subject) {
    return new LinkedHashMap<>(people.getOrDefault(subject, Map.of()));
  }

  boolean isWelcome(String subject) {
    return people.containsKey(subject) && !disabled.contains(subject);
  }

  /// By Jackson itself: Vert.x looks for its JSON by the thread's class loader, which in a test of
  /// Quarkus is not ours.
  static String json(Map<String, Object> members) {
    try {
      return JSON.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
