package latchkey.base.web;

import static latchkey.base.web.Group.ASSETS;
import static latchkey.base.web.Group.COMPAT;
import static latchkey.base.web.Group.COMPAT_SSO;
import static latchkey.base.web.Group.CONNECTION_INFO;
import static latchkey.base.web.Group.DISCOVERY;
import static latchkey.base.web.Group.HEALTH;
import static latchkey.base.web.Group.HUMAN;
import static latchkey.base.web.Group.HUMAN_BACK;
import static latchkey.base.web.Group.OAUTH;
import static latchkey.base.web.Group.PROMETHEUS;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Every path Latchkey serves: its group, its methods, and whether it can answer without the
/// database.
public final class Routes {
  public static final String OPENID_CONFIGURATION = "/.well-known/openid-configuration";
  public static final String WEBFINGER = "/.well-known/webfinger";
  public static final String AUTH_METADATA = "/_matrix/client/v1/auth_metadata";
  public static final String AUTH_METADATA_UNSTABLE =
      "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata";

  /// Legacy clients of any age say their version of the API in a segment, and all mean the same.
  private static final String ANY_VERSION = "/_matrix/client/*";

  public static final String COMPAT_LOGIN = ANY_VERSION + "/login";
  public static final String COMPAT_SSO_REDIRECT = COMPAT_LOGIN + "/sso/redirect";
  public static final String COMPLETE_COMPAT_SSO = "/complete-compat-sso/";
  public static final String COMPAT_LOGOUT = ANY_VERSION + "/logout";
  public static final String COMPAT_LOGOUT_ALL = ANY_VERSION + "/logout/all";
  public static final String COMPAT_REFRESH = ANY_VERSION + "/refresh";
  public static final String KEYS = "/oauth2/keys.json";
  public static final String TOKEN = "/oauth2/token";
  public static final String INTROSPECT = "/oauth2/introspect";
  public static final String REVOKE = "/oauth2/revoke";
  public static final String USERINFO = "/oauth2/userinfo";
  public static final String REGISTRATION = "/oauth2/registration";
  public static final String AUTHORIZE = "/authorize";
  public static final String CONSENT = "/consent/";
  public static final String LOGIN = "/login";
  public static final String REGISTER = "/register";
  public static final String UPSTREAM_AUTHORIZE = "/upstream/authorize/";
  public static final String UPSTREAM_CALLBACK = "/upstream/callback/";
  public static final String UPSTREAM_LINK = "/upstream/link/";
  public static final String NOTICES = "/notices";
  public static final String LOGOUT = "/logout";
  public static final String ACCOUNT = "/account/";
  public static final String ACCOUNT_TOO = "/account";
  public static final String SESSIONS = ACCOUNT + "sessions";
  public static final String OTHER_SESSIONS = SESSIONS + "/others";
  public static final String CHOOSE_SESSIONS = SESSIONS + "/choose";
  public static final String APP_PASSWORDS = ACCOUNT + "app-passwords";
  public static final String WAYS = ACCOUNT + "ways";
  public static final String ACCOUNT_DEVICE = ACCOUNT + "devices/";
  public static final String CHANGE_PASSWORD = ACCOUNT + "password/change";
  public static final String WHERE_PASSWORDS_CHANGE = "/.well-known/change-password";
  public static final String UPSTREAM_LOGOUT = "/upstream/backchannel-logout/";
  public static final String INDEX = "/";
  public static final String ASSET = "/assets/";
  public static final String HEALTHY = "/health";
  public static final String READY = "/health/ready";
  public static final String METRICS = "/metrics";
  public static final String CONNECTION = "/connection-info";

  /// A row of the table. A path that ends in `/` (the index and the account pages apart) stands for
  /// everything one level below it.
  ///
  /// @param refused what is refused while the database is away
  public record Route(String path, Group group, List<String> methods, Refused refused) {
    /// Which requests are refused while the database is away.
    public enum Refused {
      NOTHING,
      POST,
      EVERYTHING
    }

    private Route(String path, Group group, List<String> methods, boolean needsDatabase) {
      this(path, group, methods, needsDatabase ? Refused.EVERYTHING : Refused.NOTHING);
    }

    /// Whether such a request is refused while the database is away.
    public boolean needsDatabaseFor(String method) {
      return switch (refused) {
        case NOTHING -> false;
        case POST -> method.equals("POST");
        case EVERYTHING -> true;
      };
    }

    public boolean isPrefix() {
      return path.endsWith("/") && !path.equals(INDEX) && !path.equals(ACCOUNT);
    }
  }

  private static final List<String> GET = List.of("GET", "HEAD");
  private static final List<String> POST = List.of("POST");
  private static final List<String> GET_POST = List.of("GET", "HEAD", "POST");

  private static final List<Route> TABLE =
      List.of(
          new Route(OPENID_CONFIGURATION, DISCOVERY, GET, false),
          new Route(WEBFINGER, DISCOVERY, GET, false),
          new Route(AUTH_METADATA, DISCOVERY, GET, false),
          new Route(AUTH_METADATA_UNSTABLE, DISCOVERY, GET, false),
          new Route(COMPAT_LOGIN, COMPAT, GET_POST, Route.Refused.POST),
          new Route(COMPAT_SSO_REDIRECT, COMPAT_SSO, GET, true),
          // With the name of a provider, or with nothing: Element on iOS sends the slash alone.
          new Route(COMPAT_SSO_REDIRECT + "/", COMPAT_SSO, GET, true),
          new Route(COMPLETE_COMPAT_SSO, HUMAN, GET_POST, true),
          new Route(COMPAT_LOGOUT, COMPAT, POST, true),
          new Route(COMPAT_LOGOUT_ALL, COMPAT, POST, true),
          new Route(COMPAT_REFRESH, COMPAT, POST, true),
          new Route(KEYS, OAUTH, GET, false),
          new Route(TOKEN, OAUTH, POST, true),
          // Answers what it knows while the database is away.
          new Route(INTROSPECT, OAUTH, POST, false),
          new Route(REVOKE, OAUTH, POST, true),
          new Route(USERINFO, OAUTH, GET_POST, false),
          new Route(REGISTRATION, OAUTH, POST, true),
          new Route(INDEX, HUMAN, GET, true),
          new Route(AUTHORIZE, HUMAN, GET_POST, true),
          new Route(CONSENT, HUMAN, GET_POST, true),
          new Route(LOGIN, HUMAN, GET_POST, true),
          new Route(REGISTER, HUMAN, GET, true),
          new Route(UPSTREAM_AUTHORIZE, HUMAN, GET, true),
          new Route(UPSTREAM_CALLBACK, HUMAN, GET_POST, true),
          new Route(UPSTREAM_LINK, HUMAN, GET_POST, true),
          new Route(LOGOUT, HUMAN, GET_POST, Route.Refused.POST),
          new Route(ACCOUNT_TOO, HUMAN, GET, false),
          new Route(ACCOUNT, HUMAN, GET, true),
          new Route(SESSIONS, HUMAN, GET, true),
          new Route(SESSIONS + "/", HUMAN, GET_POST, true),
          new Route(OTHER_SESSIONS, HUMAN, GET_POST, true),
          new Route(CHOOSE_SESSIONS, HUMAN, POST, true),
          new Route(APP_PASSWORDS, HUMAN, GET, true),
          new Route(APP_PASSWORDS + "/", HUMAN, GET_POST, true),
          new Route(WAYS, HUMAN, GET, true),
          new Route(WAYS + "/", HUMAN, GET_POST, true),
          new Route(ACCOUNT_DEVICE, HUMAN, GET, true),
          new Route(CHANGE_PASSWORD, HUMAN, GET, true),
          new Route(WHERE_PASSWORDS_CHANGE, HUMAN, GET, false),
          new Route(UPSTREAM_LOGOUT, HUMAN_BACK, POST, true),
          new Route(NOTICES, HUMAN, GET_POST, true),
          new Route(NOTICES + "/", HUMAN, GET_POST, true),
          new Route(ASSET, ASSETS, GET, false),
          new Route(HEALTHY, HEALTH, GET, false),
          new Route(READY, HEALTH, GET, false),
          new Route(METRICS, PROMETHEUS, GET, false),
          new Route(CONNECTION, CONNECTION_INFO, GET, false));

  private static final Map<String, Route> EXACT =
      TABLE.stream()
          .filter(route -> !route.isPrefix())
          .collect(Collectors.toUnmodifiableMap(Route::path, route -> route));
  private static final List<Route> PREFIXES = TABLE.stream().filter(Route::isPrefix).toList();

  private Routes() {}

  public static List<Route> all() {
    return TABLE;
  }

  /// The route that serves a path as it was sent; what stands for one level may be percent-encoded.
  public static Optional<Route> find(String path) {
    var found = look(path);
    return found.isPresent() ? found : withoutVersion(path).flatMap(Routes::look);
  }

  /// The path with an asterisk for the version of the Matrix API.
  private static Optional<String> withoutVersion(String path) {
    int start = ANY_VERSION.length() - 1;
    int end = path.startsWith(ANY_VERSION.substring(0, start)) ? path.indexOf('/', start) : -1;
    return end > start ? Optional.of(ANY_VERSION + path.substring(end)) : Optional.empty();
  }

  private static Optional<Route> look(String path) {
    var exact = EXACT.get(path);
    if (exact != null) {
      return Optional.of(exact);
    }
    for (var route : PREFIXES) {
      if (path.startsWith(route.path())
          && (path.length() > route.path().length() || route.group() == COMPAT_SSO)
          && path.indexOf('/', route.path().length()) < 0) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }
}
