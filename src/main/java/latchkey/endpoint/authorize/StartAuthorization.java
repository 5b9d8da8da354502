package latchkey.endpoint.authorize;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Prompt;
import latchkey.base.web.DatabaseFailures;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Parameters;
import latchkey.domain.client.Clients;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.upstream.Providers;
import org.jboss.logging.Logger;

/// Checks an authorization request and stores it (RFC 6749 §4.1.1). Until client and redirect URI
/// are trusted a fault is a page; from then on it goes back to the client.
@Singleton
class StartAuthorization {
  private static final Logger LOG = Logger.getLogger(StartAuthorization.class);

  private final Clients clients;
  private final CheckRequest checkRequest;
  private final AuthorizationGrants grants;
  private final Providers providers;
  private final DatabaseFailures databaseFailures;
  private final HttpConfig http;

  StartAuthorization(
      Clients clients,
      CheckRequest checkRequest,
      AuthorizationGrants grants,
      Providers providers,
      DatabaseFailures databaseFailures,
      HttpConfig http) {
    this.clients = clients;
    this.checkRequest = checkRequest;
    this.grants = grants;
    this.providers = providers;
    this.databaseFailures = databaseFailures;
    this.http = http;
  }

  /// @param language what this person is spoken to in, from here to the name of the device
  /// @param signedOut whether it is sure that nobody is signed in in this browser
  AuthorizeOutcome handle(Parameters request, String language, boolean signedOut) {
    var asker = Asker.identify(request, clients);
    try {
      var checked = checkRequest.handle(request, asker, language);
      boolean silent = checked.demands().asks(Prompt.NONE);
      if (silent && signedOut) {
        // Clients ask this way again and again; nothing is stored for it.
        throw new Fault(OAuthError.LOGIN_REQUIRED, "Nobody is signed in.");
      }
      boolean register = checked.demands().asks(Prompt.CREATE) && !providers.all().isEmpty();
      return new AuthorizeOutcome.Started(grants.start(checked), silent, register);
    } catch (Fault fault) {
      return sendBack(asker, fault);
    } catch (RuntimeException e) {
      return sendBack(asker, ourFault(e));
    }
  }

  // RFC 6749 §4.1.2.1: a status cannot travel by redirect, so these have codes.
  private Fault ourFault(RuntimeException thrown) {
    if (databaseFailures.asProblem(thrown) != null) {
      LOG.warnf("an authorization request was not stored (%s)", thrown);
      return new Fault(OAuthError.TEMPORARILY_UNAVAILABLE, "Please try again in a moment.");
    }
    LOG.error("an authorization request was not stored", thrown);
    return new Fault(OAuthError.SERVER_ERROR, "Something went wrong on our side.");
  }

  private AuthorizeOutcome sendBack(Asker asker, Fault fault) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("error", fault.error().code());
    answer.put("error_description", fault.description());
    return new AuthorizeOutcome.SendBack(
        AuthorizationResponse.of(
            asker.redirectUri(), asker.mode(), asker.state(), http.issuer(), answer));
  }
}
