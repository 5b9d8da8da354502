package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.Requester;
import latchkey.base.web.Underway;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.upstream.AskProvider;
import latchkey.domain.upstream.AuthorizationParameters;
import latchkey.domain.upstream.PassedOn;
import latchkey.domain.upstream.ProviderProblem;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.Trips;
import org.jboss.logging.Logger;

/// Sends a browser to a provider (`pages.md` 5.1).
@Singleton
class StartTrip {
  private static final Logger LOG = Logger.getLogger(StartTrip.class);

  private static final String LOGIN_HINT = "login_hint";

  sealed interface Outcome {
    /// @param underway for the cookie
    record Leave(URI to, Underway underway) implements Outcome {
      @Override
      public String toString() {
        return "Leave[" + underway.trip() + "]";
      }
    }

    /// Nobody gets there now.
    record Show(int status, Page page) implements Outcome {}
  }

  private final Providers providers;
  private final AskProvider askProvider;
  private final Trips trips;
  private final StoredTrips stored;
  private final AuthorizationGrants grants;
  private final UpstreamPages pages;
  private final Permits permits;
  private final Clock clock;
  private final Ids ids;

  StartTrip(
      Providers providers,
      AskProvider askProvider,
      Trips trips,
      StoredTrips stored,
      AuthorizationGrants grants,
      UpstreamPages pages,
      Permits permits,
      Clock clock,
      Ids ids) {
    this.providers = providers;
    this.askProvider = askProvider;
    this.trips = trips;
    this.stored = stored;
    this.grants = grants;
    this.pages = pages;
    this.permits = permits;
    this.clock = clock;
    this.ids = ids;
  }

  /// @param hint whom the provider may expect, if somebody has said so (`login_hint`)
  /// @param loggedOut whether somebody signed out in this browser a moment ago
  Outcome handle(
      String id, Continuation next, Optional<String> hint, boolean loggedOut, Requester requester) {
    permits.require(requester);
    var provider = Ids.parse(id).flatMap(providers::find).orElseThrow(Refusals::noProvider);
    var trip = ids.next(clock.instant());
    var request = request(next);
    var extra = hinting(provider.additionalParameters().render(request, loggedOut), hint);
    extra.warnings().forEach(warning -> LOG.warnf("provider %s: %s", id, warning));
    try {
      var to =
          askProvider.handle(
              provider, trips.secrets(trip, provider.id()), extra, passedOn(next, request));
      stored.start(trip, provider.id(), grant(next).orElse(null));
      return new Outcome.Leave(to, new Underway(trip, provider.id(), null, next));
    } catch (ProviderProblem problem) {
      LOG.warnf("nobody gets there: %s", problem.getMessage());
      return new Outcome.Show(503, pages.unreachable(provider, next, requester));
    }
  }

  /// What the admin has set counts more.
  private static AuthorizationParameters.Sent hinting(
      AuthorizationParameters.Sent extra, Optional<String> hint) {
    if (hint.isEmpty() || extra.values().containsKey(LOGIN_HINT)) {
      return extra;
    }
    var values = new LinkedHashMap<>(extra.values());
    values.put(LOGIN_HINT, hint.get());
    return new AuthorizationParameters.Sent(values, extra.warnings());
  }

  /// Who is to prove it once more does not do that by being signed in there; `max_age` also makes
  /// the provider say when they signed in (OpenID Connect Core §2).
  private static PassedOn passedOn(Continuation next, Map<String, String> request) {
    return next.needsRecentSignIn()
        ? new PassedOn(List.of(), Optional.of(Duration.ZERO), Optional.of("login"))
        : PassOn.of(request);
  }

  /// What the client that waits has asked for.
  private Map<String, String> request(Continuation next) {
    return grant(next).map(grants::requestOf).orElse(Map.of());
  }

  private static Optional<UUID> grant(Continuation next) {
    return next instanceof Continuation.ContinueGrant(var grant)
        ? Optional.of(grant)
        : Optional.empty();
  }
}
