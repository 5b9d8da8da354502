package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requester;
import latchkey.base.web.Underway;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.FetchIdentity;
import latchkey.domain.upstream.Identity;
import latchkey.domain.upstream.ImportClaims;
import latchkey.domain.upstream.ImportOutcome;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.ProviderConfig.ResponseMode;
import latchkey.domain.upstream.ProviderProblem;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.Trips;
import latchkey.domain.upstream.UpstreamLinkView;
import org.jboss.logging.Logger;

/// Takes what a provider answers (`pages.md` 5.2). Whatever is wrong, nobody is signed in, and the
/// trip can be begun anew.
@Singleton
class TakeAnswer {
  private static final Logger LOG = Logger.getLogger(TakeAnswer.class);

  /// As the table has it; OpenID Connect allows 255.
  private static final int LONGEST_SUBJECT = 512;

  /// No provider's codes are longer.
  private static final int LONGEST_CODE = 8192;

  static final String POSTED_AGAIN = "did_mas_repost_to_itself";

  /// @param parameters of the query, or of the form
  /// @param hasCookie whether the browser has sent the cookie of trips
  /// @param trips that this browser is on
  record Answer(
      String provider,
      boolean posted,
      Parameters parameters,
      boolean hasCookie,
      List<Underway> trips,
      Requester requester) {
    @Override
    public String toString() {
      return "Answer[" + provider + "]";
    }
  }

  sealed interface Outcome {
    /// To what becomes of it.
    record GoOn(Underway underway) implements Outcome {}

    /// The same form once more, from here: then the cookie comes along.
    record PostAgain(Page page) implements Outcome {}

    record Show(int status, Page page) implements Outcome {}
  }

  private final Providers providers;
  private final FetchIdentity fetchIdentity;
  private final Trips trips;
  private final StoredTrips stored;
  private final Refusals refusals;
  private final UpstreamPages pages;
  private final Permits permits;

  TakeAnswer(
      Providers providers,
      FetchIdentity fetchIdentity,
      Trips trips,
      StoredTrips stored,
      Refusals refusals,
      UpstreamPages pages,
      Permits permits) {
    this.providers = providers;
    this.fetchIdentity = fetchIdentity;
    this.trips = trips;
    this.stored = stored;
    this.refusals = refusals;
    this.pages = pages;
    this.permits = permits;
  }

  Outcome handle(Answer answer) throws SQLException {
    permits.require(answer.requester());
    var provider =
        Ids.parse(answer.provider()).flatMap(providers::find).orElseThrow(Refusals::noProvider);
    var parameters = answer.parameters();
    if (parameters.find("state").isEmpty()
        && parameters.find("code").isEmpty()
        && parameters.find("error").isEmpty()) {
      throw Refusals.over("the provider's answer says nothing");
    }
    if (isWithoutCookies(answer, provider)) {
      return new Outcome.PostAgain(pages.postAgain(provider, parameters.all(), answer.requester()));
    }
    requireMode(answer, provider);
    var underway = requireTrip(answer, provider);
    // RFC 9207 §2.4: before anything in it counts, an error too.
    if (!fetchIdentity.mayBeFrom(provider, parameters.find("iss"))) {
      LOG.warnf(
          "an answer at the callback of %s is another provider's, or does not say whose",
          Providers.nameOf(provider));
      throw Refusals.over("the answer is not this provider's");
    }
    if (!stored.isUnderWay(underway.trip(), provider.id())) {
      throw Refusals.over("the trip came back before");
    }
    if (parameters.find("error").isPresent()) {
      var words = UpstreamPages.words(parameters);
      refuse(provider, underway, "it answers " + words);
      return new Outcome.Show(
          400, pages.declined(provider, words, underway.next(), answer.requester()));
    }
    var code =
        parameters
            .find("code")
            .filter(text -> text.length() <= LONGEST_CODE)
            .orElseThrow(() -> Refusals.over("there is no code"));
    return exchange(answer, provider, underway, code);
  }

  /// Browsers send no cookies along with the form of another site (`SameSite=Lax`).
  private static boolean isWithoutCookies(Answer answer, ProviderConfig provider) {
    return answer.posted()
        && !answer.hasCookie()
        && answer.parameters().find(POSTED_AGAIN).isEmpty()
        && provider.responseMode().filter(ResponseMode.QUERY::equals).isEmpty();
  }

  private static void requireMode(Answer answer, ProviderConfig provider) {
    var wanted = provider.responseMode();
    if (wanted.isPresent() && (wanted.get() == ResponseMode.FORM_POST) != answer.posted()) {
      throw Refusals.over("the answer comes in another response mode than was asked for");
    }
  }

  /// The trip whose state it is: of this browser, to this provider, and not back yet.
  private Underway requireTrip(Answer answer, ProviderConfig provider) {
    var state =
        answer
            .parameters()
            .find("state")
            .map(Secret::of)
            .orElseThrow(() -> Refusals.over("there is no state"));
    Optional<Underway> found = Optional.empty();
    for (var trip : answer.trips()) {
      if (trips.secrets(trip.trip(), trip.provider()).state().equals(state)) {
        found = Optional.of(trip);
      }
    }
    return found
        .filter(trip -> trip.provider().equals(provider.id()))
        .filter(trip -> !trip.isBack())
        .orElseThrow(
            () -> Refusals.over("the state is of no trip to this provider in this browser"));
  }

  private Outcome exchange(Answer answer, ProviderConfig provider, Underway underway, String code)
      throws SQLException {
    Identity identity;
    try {
      identity =
          fetchIdentity.handle(
              provider,
              Secret.of(code),
              trips.secrets(underway.trip(), provider.id()),
              ofTheProvider(answer.parameters()));
    } catch (ProviderProblem problem) {
      return inTrouble(answer, provider, underway, problem);
    }
    return switch (ImportClaims.handle(provider.claims().identityOnly(), identity.claims())) {
      case ImportOutcome.Refused(var unfit) -> {
        refuse(provider, underway, unfit.toString());
        yield new Outcome.Show(
            400, pages.incomplete(provider, underway.next(), answer.requester()));
      }
      case ImportOutcome.Imported(var subject, _, _, _, _, _)
          when subject.length() > LONGEST_SUBJECT -> {
        refuse(provider, underway, "the subject is too long");
        yield new Outcome.Show(
            400, pages.incomplete(provider, underway.next(), answer.requester()));
      }
      case ImportOutcome.Imported claims -> {
        claims.unfit().forEach(unfit -> LOG.infof("%s: %s", Providers.nameOf(provider), unfit));
        yield stored
            .complete(underway.trip(), provider.id(), claims, identity)
            .map(UpstreamLinkView::id)
            .map(underway::back)
            .map(Outcome.GoOn::new)
            .orElseThrow(() -> Refusals.over("the trip came back before"));
      }
    };
  }

  private static Map<String, String> ofTheProvider(Parameters parameters) {
    var own = new LinkedHashMap<>(parameters.all());
    own.remove(POSTED_AGAIN);
    return own;
  }

  private Outcome inTrouble(
      Answer answer, ProviderConfig provider, Underway underway, ProviderProblem problem)
      throws SQLException {
    return switch (problem.kind()) {
      case ProviderProblem.Kind.Unavailable _ -> {
        LOG.warnf("nobody comes in: %s", problem.getMessage());
        yield new Outcome.Show(
            503, pages.unreachable(provider, underway.next(), answer.requester()));
      }
      case ProviderProblem.Kind.Refused _, ProviderProblem.Kind.Untrusted _ -> {
        refuse(provider, underway, String.valueOf(problem.getMessage()));
        yield new Outcome.Show(500, pages.unproven(provider, underway.next(), answer.requester()));
      }
    };
  }

  /// Whoever tries another code has to begin anew.
  private void refuse(ProviderConfig provider, Underway underway, String reason)
      throws SQLException {
    stored.spend(underway.trip(), provider.id());
    refusals.record(provider, underway.trip(), null, reason);
  }
}
