package latchkey.cli.doctor;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Routes;
import latchkey.cli.doctor.Probe.Answer;
import latchkey.cli.doctor.Probe.NoAnswer;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.homeserver.MatrixConfig.Dialect;
import latchkey.domain.upstream.ProviderCheck;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import org.jspecify.annotations.Nullable;

/// Looks from outside at what a configuration alone cannot tell: whether the homeserver is there
/// and takes our secret, and whether the reverse proxy sends each path to whom it belongs. Whether
/// the homeserver can ask us is seen only by its answer to a token that is none.
public final class Doctor {
  private static final Secret NO_TOKEN = Secret.of("latchkey-doctor-this-is-no-token");
  private static final String CLIENT = "_matrix/client/";

  private final MatrixConfig matrix;
  private final HttpConfig http;
  private final URI site;
  private final List<ProviderConfig> providers;
  private final Probe probe = new Probe();
  private final List<Finding> findings = new ArrayList<>();

  /// @param site where `/.well-known/matrix/client` is looked for: `https://` and the server name
  /// @param providers those that people are to sign in through
  public Doctor(MatrixConfig matrix, HttpConfig http, URI site, List<ProviderConfig> providers) {
    this.matrix = matrix;
    this.http = http;
    this.site = site;
    this.providers = List.copyOf(providers);
  }

  /// Asks everybody once; in the order in which it is worth mending.
  public List<Finding> examine() {
    issuer();
    discovery();
    var outside = wellKnown();
    boolean isThere = versions();
    if (isThere) {
      introspection();
      secret();
    }
    if (isThere || outside.isPresent()) {
      var homeserver = outside.orElse(matrix.endpoint());
      metadata(homeserver);
      legacyLogin(homeserver);
    }
    providers.forEach(this::provider);
    return List.copyOf(findings);
  }

  private void issuer() {
    found(
        http.issuer().startsWith("https:")
            ? Finding.ok("the issuer is " + http.issuer())
            : Finding.warning(
                "the issuer " + http.issuer() + " is not https: clients refuse it",
                "Put a reverse proxy with TLS in front (deploy/), and set http.public_base."));
  }

  /// Whether clients reach us at the public base.
  private void discovery() {
    var uri = http.publicBase().resolve(".well-known/openid-configuration");
    var answer = ask(uri, "set http.public_base, or let the proxy send its host here.");
    if (answer == null) {
      return;
    }
    var issuer = answer.json().getValue("issuer");
    if (!answer.isSuccess()) {
      found(
          Finding.error(
              uri + " answers " + answer.status(),
              "That host is Latchkey's: let the proxy send all of it here, and mount the resource"
                  + " discovery on the listener."));
    } else if (!http.issuer().equals(issuer)) {
      found(
          Finding.error(
              uri + " is somebody else's: it names the issuer " + issuer,
              "Let the proxy send that host to Latchkey, with this configuration."));
    } else {
      found(Finding.ok("clients find Latchkey at " + uri));
    }
  }

  /// Where the site says its homeserver is.
  private Optional<URI> wellKnown() {
    var uri = site.resolve(".well-known/matrix/client");
    var expected =
        "It should say {\"m.homeserver\": {\"base_url\": \"https://matrix.%s/\"}}, with the header Access-Control-Allow-Origin: *."
            .formatted(matrix.homeserver());
    try {
      var answer = probe.get(uri);
      var base =
          answer.json().getValue("m.homeserver") instanceof JsonObject part
              ? part.getValue("base_url")
              : null;
      if (answer.isSuccess() && base instanceof String url && url.startsWith("http")) {
        found(Finding.ok(uri + " leads to " + url));
        return Optional.of(URI.create(url.endsWith("/") ? url : url + "/"));
      }
      found(
          Finding.warning(
              answer.isSuccess()
                  ? uri + " names no homeserver"
                  : uri + " answers " + answer.status(),
              expected,
              "What follows is asked at matrix.endpoint instead, past the proxy."));
    } catch (NoAnswer e) {
      found(
          Finding.warning(
              uri + " cannot be read: " + e.getMessage(),
              expected,
              "What follows is asked at matrix.endpoint instead, past the proxy."));
    } catch (IllegalArgumentException e) {
      found(Finding.warning(uri + " names a base_url that is no URL", expected));
    }
    return Optional.empty();
  }

  private boolean versions() {
    var uri = matrix.endpoint().resolve(CLIENT + "versions");
    var answer = askStraight(uri, null, "is the homeserver up, and matrix.endpoint right?");
    if (answer == null) {
      return false;
    }
    if (!answer.isSuccess()) {
      found(
          Finding.error(
              uri + " answers " + answer.status(),
              "matrix.endpoint must be the base URL of a homeserver, reached from this machine."));
      return false;
    }
    found(Finding.ok("a homeserver answers at " + matrix.endpoint()));
    return true;
  }

  /// A homeserver that asks us refuses a token that is none; one that cannot ask us has to say 503.
  private void introspection() {
    var uri = matrix.endpoint().resolve(CLIENT + "v3/account/whoami");
    var answer = askStraight(uri, NO_TOKEN, "");
    if (answer == null) {
      return;
    }
    switch (answer.status()) {
      case 401 -> found(Finding.ok("it refuses a token that is none"));
      case 503 ->
          found(
              Finding.error(
                  "the homeserver cannot ask Latchkey about tokens: nobody can do anything there",
                  "Is Latchkey up? matrix_authentication_service.endpoint in homeserver.yaml must lead"
                      + " to a listener with the resources discovery and oauth; its log says why."));
      default ->
          found(
              answer.status() < 400
                  ? Finding.error(
                      "the homeserver takes a token that is none (status " + answer.status() + ")",
                      "Something that is no homeserver answers at matrix.endpoint, or one that lets"
                          + " anybody in.")
                  : Finding.warning(
                      uri + " answers " + answer.status() + " to a token that is none, not 401",
                      "Look into the homeserver's log."));
    }
  }

  /// With the secret and without a name: whoever takes the secret misses the name.
  private void secret() {
    boolean legacy = matrix.kind() == Dialect.SYNAPSE_LEGACY;
    var path =
        legacy ? "_synapse/admin/v1/username_available" : "_synapse/mas/is_localpart_available";
    var uri = matrix.endpoint().resolve(path);
    var answer = askStraight(uri, matrix.secret(), "");
    if (answer == null) {
      return;
    }
    switch (answer.status()) {
      case 400 -> found(Finding.ok("it takes matrix.secret"));
      case 401, 403 ->
          found(
              Finding.error(
                  "the homeserver does not take matrix.secret: no sign-in works, and jobs wait",
                  legacy
                      ? "It must be the admin_token of experimental_features.msc3861 there. Synapse"
                          + " 1.157 and later have none; they take matrix.kind synapse."
                      : "It must be the secret of matrix_authentication_service in homeserver.yaml, to"
                          + " the letter. Restart whichever you changed; jobs go on by themselves."));
      case 404 ->
          found(
              Finding.error(
                  "the homeserver does not know " + uri.getPath(),
                  legacy
                      ? "matrix.kind synapse_legacy is for Synapse before 1.157 with"
                          + " experimental_features.msc3861; newer ones take synapse."
                      : "It needs Synapse 1.136 or later with matrix_authentication_service: {enabled:"
                          + " true}; a proxy at matrix.endpoint must let /_synapse/mas through."));
      default ->
          found(
              Finding.error(
                  uri + " answers " + answer.status() + ", not 400",
                  "Look into the homeserver's log; matrix.kind may be wrong too."));
    }
  }

  /// Synapse answers an error here while it cannot reach us, and some clients log out at that.
  private void metadata(URI homeserver) {
    for (var path : List.of(Routes.AUTH_METADATA, Routes.AUTH_METADATA_UNSTABLE)) {
      var uri = homeserver.resolve(path.substring(1));
      var answer = ask(uri, "");
      if (answer == null) {
        return;
      }
      var issuer = answer.json().getValue("issuer");
      if (!answer.isSuccess() || !http.issuer().equals(issuer)) {
        found(
            advised(
                Finding.Level.ERROR,
                answer.isSuccess()
                    ? uri + " names the issuer " + issuer + ", not " + http.issuer()
                    : uri + " answers " + answer.status() + ": clients find no sign-in",
                ProxyAdvice.METADATA));
        return;
      }
      if (answer.exposed().filter(headers -> headers.contains("Synapse-Trace-Id")).isPresent()) {
        found(
            advised(
                Finding.Level.WARNING,
                uri + " is answered by Synapse: while it cannot reach us, some clients log out",
                ProxyAdvice.METADATA));
        return;
      }
    }
    found(Finding.ok("auth_metadata is answered by Latchkey at " + homeserver));
  }

  /// A request that changes nothing, and how it is answered by us and by nobody else.
  private record Route(String method, String path, @Nullable String body, int ours) {}

  private static final List<Route> LEGACY_ROUTES =
      List.of(
          new Route("GET", "v3/login/sso/redirect", null, 400),
          new Route("POST", "v3/logout", "{}", 401),
          new Route("POST", "r0/logout", "{}", 401),
          new Route("POST", "v3/logout/all", "{}", 401),
          new Route("POST", "v3/refresh", "{\"refresh_token\":\"latchkey-doctor\"}", 401));

  private void legacyLogin(URI homeserver) {
    var strays = new ArrayList<String>();
    for (var version : List.of("v3", "r0")) {
      if (!isOurLogin(homeserver, version)) {
        strays.add("GET /" + CLIENT + version + "/login");
      }
    }
    for (var route : LEGACY_ROUTES) {
      if (!isOurs(homeserver, route)) {
        strays.add(route.method() + " /" + CLIENT + route.path());
      }
    }
    if (strays.isEmpty()) {
      found(Finding.ok("the login of clients that know no OAuth reaches Latchkey"));
    } else {
      found(
          advised(
              Finding.Level.WARNING,
              "at "
                  + homeserver
                  + " these do not reach Latchkey, so clients that know no OAuth cannot sign in or"
                  + " out: "
                  + String.join(", ", strays),
              ProxyAdvice.LEGACY));
    }
  }

  private boolean isOurLogin(URI homeserver, String version) {
    try {
      var answer = probe.get(homeserver.resolve(CLIENT + version + "/login"));
      var flows = answer.json().getJsonArray("flows", new JsonArray());
      return flows.stream()
          .anyMatch(
              flow ->
                  flow instanceof JsonObject way
                      && "m.login.sso".equals(way.getValue("type"))
                      && (Boolean.TRUE.equals(way.getValue("oauth_aware_preferred"))
                          || Boolean.TRUE.equals(
                              way.getValue("org.matrix.msc3824.delegated_oidc_compatibility"))));
    } catch (NoAnswer | ClassCastException e) {
      return false;
    }
  }

  private boolean isOurs(URI homeserver, Route route) {
    var uri = homeserver.resolve(CLIENT + route.path());
    try {
      var answer = route.body() == null ? probe.get(uri) : probe.post(uri, NO_TOKEN, route.body());
      return answer.status() == route.ours();
    } catch (NoAnswer e) {
      return false;
    }
  }

  private void provider(ProviderConfig provider) {
    var name = Providers.nameOf(provider);
    var trouble = new ProviderCheck().trouble(provider);
    found(
        trouble.isEmpty()
            ? Finding.ok("the provider " + name + " answers")
            : Finding.error(
                "nobody can sign in through " + name + ": " + trouble.get(),
                "From this machine: is issuer right, to the letter, and is the provider up?"));
  }

  private interface Question {
    Answer ask() throws NoAnswer;
  }

  /// Asks; null if nobody answered, which was noted then.
  private @Nullable Answer ask(URI uri, String advice) {
    return answer(uri, advice, () -> probe.get(uri));
  }

  /// Asks the homeserver at matrix.endpoint; null if there was no answer of its own, noted too.
  private @Nullable Answer askStraight(URI uri, @Nullable Secret bearer, String advice) {
    var answer = answer(uri, advice, () -> probe.getStraight(uri, bearer));
    if (answer == null || !answer.isRedirect()) {
      return answer;
    }
    found(
        Finding.error(
            uri + " answers with a redirect to " + answer.location().orElse("nowhere"),
            "Latchkey follows none there: matrix.endpoint must be where the homeserver itself answers,"
                + " scheme included."));
    return null;
  }

  private @Nullable Answer answer(URI uri, String advice, Question question) {
    try {
      return question.ask();
    } catch (NoAnswer e) {
      var words = uri + " cannot be reached: " + e.getMessage();
      found(
          advice.isEmpty()
              ? Finding.error(words)
              : Finding.error(words, "From this machine: " + advice));
      return null;
    }
  }

  private static Finding advised(Finding.Level level, String words, List<String> advice) {
    return new Finding(level, words, advice);
  }

  private void found(Finding finding) {
    findings.add(finding);
  }
}
