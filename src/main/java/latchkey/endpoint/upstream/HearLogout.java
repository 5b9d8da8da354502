package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.system.Ids;
import latchkey.base.web.Parameters;
import latchkey.domain.lifecycle.LogOutUpstream;
import latchkey.domain.upstream.LogoutNotice;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderProblem;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.VerifyLogoutToken;
import org.jboss.logging.Logger;

/// Hears from a provider that somebody signed out there, and believes it if the logout token proves
/// it (`pages.md` 5.7).
@Singleton
class HearLogout {
  private static final Logger LOG = Logger.getLogger(HearLogout.class);

  private static final Duration COME_BACK = Duration.ofSeconds(30);

  private final Providers providers;
  private final VerifyLogoutToken verifyLogoutToken;
  private final LogOutUpstream logOutUpstream;

  HearLogout(
      Providers providers, VerifyLogoutToken verifyLogoutToken, LogOutUpstream logOutUpstream) {
    this.providers = providers;
    this.verifyLogoutToken = verifyLogoutToken;
    this.logOutUpstream = logOutUpstream;
  }

  /// @param provider the end of the path
  /// @param form read only for a provider that is there
  void handle(String provider, Supplier<Parameters> form) throws SQLException {
    var config =
        Ids.parse(provider)
            .flatMap(providers::find)
            .orElseThrow(
                () ->
                    OAuthProblem.of(
                        OAuthError.INVALID_REQUEST, 404, "There is no such provider here."));
    var token =
        form.get()
            .find("logout_token")
            .orElseThrow(
                () -> OAuthProblem.of(OAuthError.INVALID_REQUEST, "The logout_token is missing."));
    var notice = notice(config, token);
    int ended = logOutUpstream.handle(config, notice);
    // Not before: what failed half way can be said again.
    verifyLogoutToken.spend(config, notice);
    LOG.infof(
        "provider %s says that somebody signed out there: %d sessions ended here",
        Providers.nameOf(config), ended);
  }

  private LogoutNotice notice(ProviderConfig provider, String token) {
    try {
      return verifyLogoutToken.handle(provider, token);
    } catch (ProviderProblem e) {
      throw switch (e.kind()) {
        case ProviderProblem.Kind.Unavailable _ ->
            OAuthProblem.temporarilyUnavailable(COME_BACK, String.valueOf(e.getMessage()), e);
        case ProviderProblem.Kind.Refused _, ProviderProblem.Kind.Untrusted _ ->
            OAuthProblem.of(
                OAuthError.INVALID_REQUEST,
                "The logout_token is not valid.",
                String.valueOf(e.getMessage()));
      };
    }
  }
}
