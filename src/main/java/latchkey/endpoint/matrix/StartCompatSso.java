package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.system.Ids;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Parameters;
import latchkey.base.web.Routes;
import latchkey.domain.grant.CompatSsoLogins;

/// `m.login.sso`: remembers where a legacy client wants its user back, and sends the browser to the
/// page where they sign in.
@Singleton
class StartCompatSso {
  private static final String STABLE = "action";
  private static final String UNSTABLE = "org.matrix.msc3824.action";
  private static final Set<String> ACTIONS = Set.of("login", "register");

  private final CompatSsoLogins logins;
  private final HttpConfig http;

  StartCompatSso(CompatSsoLogins logins, HttpConfig http) {
    this.logins = logins;
    this.http = http;
  }

  /// Where to go.
  String handle(Parameters query) throws SQLException {
    var target =
        query
            .find("redirectUrl")
            .flatMap(SsoTarget::parse)
            .orElseThrow(
                () ->
                    DomainProblem.of(
                        Reason.INVALID,
                        "redirectUrl is missing or leads to no client",
                        Message.of("latchkey.error.sso_target")));
    var id = logins.start(target.url());
    return http.url(Routes.COMPLETE_COMPAT_SSO + Ids.text(id) + action(query));
  }

  /// What the client wants its user to do (MSC3824), under both names.
  private static String action(Parameters query) {
    Optional<String> action =
        query
            .find(STABLE)
            .filter(ACTIONS::contains)
            .or(() -> query.find(UNSTABLE).filter(ACTIONS::contains));
    return action
        .map(known -> "?" + STABLE + "=" + known + "&" + UNSTABLE + "=" + known)
        .orElse("");
  }
}
