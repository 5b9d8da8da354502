package latchkey.base.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import latchkey.base.system.Ids;

/// Where a person goes after signing in (`pages.md` 1.4): one of a closed list, never a URL.
public sealed interface Continuation {
  String GRANT = "continue_authorization_grant";
  String COMPAT_SSO = "continue_compat_sso_login";
  String NOTICE = "read_notice";
  String ACCOUNT = "manage_account";
  String PASSWORD = "change_password";
  String ACCOUNT_PAGE = "account_page";
  String UPSTREAM = "link_upstream";

  /// What a link to the account pages may ask for (MSC4191), with the older spellings.
  Set<String> ACTIONS =
      Set.of(
          "org.matrix.profile",
          "profile",
          "org.matrix.devices_list",
          "org.matrix.sessions_list",
          "sessions_list",
          "org.matrix.device_view",
          "org.matrix.session_view",
          "session_view",
          "org.matrix.device_delete",
          "org.matrix.session_end",
          "session_end",
          "org.matrix.cross_signing_reset",
          "org.matrix.plan_management",
          "org.matrix.account_deactivate");

  /// Back to the consent page of a grant.
  record ContinueGrant(UUID grant) implements Continuation {}

  /// Back to the page of a legacy client that sent the person here.
  ///
  /// @param register whether it wants a new account
  record ContinueCompatSso(UUID login, boolean register) implements Continuation {}

  /// To what a mail has told of.
  record ReadNotice(UUID event) implements Continuation {}

  /// To the account pages.
  ///
  /// @param action what for: one of [#ACTIONS]
  /// @param device the id of the device it is about
  record ManageAccount(Optional<String> action, Optional<String> device) implements Continuation {
    /// Reads the parameters of a link; an action nobody knows is left out.
    public static ManageAccount read(Parameters parameters) {
      return new ManageAccount(
          parameters.find("action").filter(ACTIONS::contains),
          parameters.find("device_id").filter(id -> id.length() <= 255));
    }

    private Map<String, String> link() {
      var parameters = new LinkedHashMap<String, String>();
      action.ifPresent(text -> parameters.put("action", text));
      device.ifPresent(text -> parameters.put("device_id", text));
      return parameters;
    }
  }

  /// To one of the account pages.
  record ShowAccountPage(AccountPlace place) implements Continuation {}

  /// Back to what somebody is at a provider, to whom that account there belongs.
  record LinkUpstream(UUID link) implements Continuation {}

  /// To where a password is changed.
  record ChangePassword() implements Continuation {}

  /// To the start page.
  record Home() implements Continuation {}

  /// Reads `kind` and its fields; what is absent or malformed leads home.
  static Continuation read(Parameters parameters) {
    Optional<UUID> id = parameters.find("id").flatMap(Ids::parse);
    Optional<Continuation> next =
        switch (parameters.find("kind").orElse("")) {
          case GRANT -> id.map(ContinueGrant::new);
          case COMPAT_SSO -> {
            boolean register = parameters.find("action").equals(Optional.of("register"));
            yield id.map(login -> new ContinueCompatSso(login, register));
          }
          case NOTICE -> id.map(ReadNotice::new);
          case ACCOUNT -> Optional.of(ManageAccount.read(parameters));
          case PASSWORD -> Optional.of(new ChangePassword());
          case UPSTREAM -> id.map(LinkUpstream::new);
          case ACCOUNT_PAGE -> AccountPlace.read(parameters).map(ShowAccountPage::new);
          default -> Optional.empty();
        };
    return next.orElseGet(Home::new);
  }

  /// The path to go to, without prefix.
  default String path() {
    return switch (this) {
      case ContinueGrant(var grant) -> Routes.CONSENT + Ids.text(grant);
      case ContinueCompatSso(var login, _) -> Routes.COMPLETE_COMPAT_SSO + Ids.text(login);
      case ReadNotice(var event) -> Routes.NOTICES + "/" + Ids.text(event);
      case ManageAccount account -> Routes.ACCOUNT + query(account.link());
      case ShowAccountPage(var place) -> place.path();
      case LinkUpstream(var link) -> Routes.UPSTREAM_LINK + Ids.text(link);
      case ChangePassword _ -> Routes.CHANGE_PASSWORD;
      case Home _ -> Routes.INDEX;
    };
  }

  /// The parameters that say it again.
  default Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    switch (this) {
      case ContinueGrant(var grant) -> {
        parameters.put("kind", GRANT);
        parameters.put("id", Ids.text(grant));
      }
      case ContinueCompatSso(var login, var register) -> {
        parameters.put("kind", COMPAT_SSO);
        parameters.put("id", Ids.text(login));
        if (register) {
          parameters.put("action", "register");
        }
      }
      case ReadNotice(var event) -> {
        parameters.put("kind", NOTICE);
        parameters.put("id", Ids.text(event));
      }
      case ManageAccount account -> {
        parameters.put("kind", ACCOUNT);
        parameters.putAll(account.link());
      }
      case ShowAccountPage(var place) -> {
        parameters.put("kind", ACCOUNT_PAGE);
        parameters.putAll(place.parameters());
      }
      case LinkUpstream(var link) -> {
        parameters.put("kind", UPSTREAM);
        parameters.put("id", Ids.text(link));
      }
      case ChangePassword _ -> parameters.put("kind", PASSWORD);
      case Home _ -> {}
    }
    return parameters;
  }

  /// Whether only somebody may go on here who has just proven who they are.
  default boolean needsRecentSignIn() {
    return this instanceof LinkUpstream
        || (this instanceof ShowAccountPage(var place) && place.page().needsRecentSignIn());
  }

  /// The path of the login page that will go on here.
  default String loginPath() {
    return Routes.LOGIN + query(parameters());
  }

  /// The path to go to from signing out. Who came back from a provider is let in there without
  /// another page.
  default String afterSignOutPath() {
    return this instanceof LinkUpstream ? path() : loginPath();
  }

  /// The path of the page where an account can be made, that will go on here.
  default String registerPath() {
    return Routes.REGISTER + query(parameters());
  }

  /// The path that leads to a provider, and from there on here.
  default String upstreamPath(UUID provider) {
    return Routes.UPSTREAM_AUTHORIZE + Ids.text(provider) + query(parameters());
  }

  /// The path of the page with what its user has to read before they go on here.
  default String noticesPath() {
    return Routes.NOTICES + query(parameters());
  }

  /// The path of the page about one of them.
  default String noticePath(UUID event) {
    return Routes.NOTICES + "/" + Ids.text(event) + query(parameters());
  }

  /// The path that takes the choice of what to sign out, and goes on here.
  default String choosePath() {
    return Routes.CHOOSE_SESSIONS + query(parameters());
  }

  private static String query(Map<String, String> parameters) {
    var query = new StringBuilder();
    parameters.forEach(
        (key, value) ->
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }
}
