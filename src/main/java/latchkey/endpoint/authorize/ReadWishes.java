package latchkey.endpoint.authorize;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import latchkey.base.matrix.MatrixId;
import latchkey.base.oauth.Acr;
import latchkey.base.oauth.ClaimsRequest;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Prompt;
import latchkey.base.system.Ids;
import latchkey.base.web.Parameters;
import latchkey.domain.client.ClientView;
import latchkey.domain.grant.Demands;
import latchkey.domain.grant.WantedClaims;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.token.IdTokenHints;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.Users;
import org.jspecify.annotations.Nullable;

/// Reads what OpenID Connect adds to a request (Core §3.1.2.1): whom and how the client wants to be
/// asked, and what it wants to be told. `display`, `acr_values` and `claims_locales` are wishes
/// that change nothing here, so whatever they say is fine.
@Singleton
class ReadWishes {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
  private static final int LANGUAGES = 10;

  private final IdTokenHints hints;
  private final Users users;
  private final Homeserver homeserver;
  private final Providers providers;

  ReadWishes(IdTokenHints hints, Users users, Homeserver homeserver, Providers providers) {
    this.hints = hints;
    this.users = users;
    this.homeserver = homeserver;
    this.providers = providers;
  }

  record Wishes(
      Demands demands, WantedClaims claims, @Nullable String loginHint, List<String> uiLocales) {}

  Wishes handle(Parameters request, ClientView client) throws Fault {
    var prompts = requirePrompts(request);
    var maxAge = requireMaxAge(request);
    var hinted = requireOurHint(request, client);
    var claims = requireClaims(request);
    var acrs = requireAcrs(claims);
    // To ask for a new sign-in is to accept none that is older than the request.
    var maxAuthAge = prompts.contains(Prompt.LOGIN) ? Optional.of(Duration.ZERO) : maxAge;
    return new Wishes(
        new Demands(prompts, requireSubjects(hinted, claims), maxAuthAge.orElse(null), acrs),
        new WantedClaims(claims.idToken(), claims.userinfo()),
        hinted.flatMap(this::hintFor).or(() -> request.find("login_hint")).orElse(null),
        request.find("ui_locales").map(ReadWishes::languages).orElse(List.of()));
  }

  private static Set<Prompt> requirePrompts(Parameters request) throws Fault {
    var text = request.find("prompt");
    if (text.isEmpty()) {
      return Set.of();
    }
    return Prompt.parseAll(text.get())
        .orElseThrow(
            () ->
                new Fault(
                    OAuthError.INVALID_REQUEST,
                    "This prompt is not supported, or none does not stand alone."));
  }

  private static Optional<Duration> requireMaxAge(Parameters request) throws Fault {
    var text = request.find("max_age");
    if (text.isPresent() && !SECONDS.matcher(text.get()).matches()) {
      throw new Fault(OAuthError.INVALID_REQUEST, "The max_age is no number of seconds.");
    }
    return text.map(Long::parseLong)
        .map(seconds -> Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE)));
  }

  private Optional<UUID> requireOurHint(Parameters request, ClientView client) throws Fault {
    var hint = request.find("id_token_hint");
    var subject = hint.flatMap(token -> hints.subject(token, client.id()));
    if (hint.isPresent() && subject.isEmpty()) {
      throw new Fault(
          OAuthError.INVALID_REQUEST, "The id_token_hint is no ID token of this client.");
    }
    return subject;
  }

  private static ClaimsRequest requireClaims(Parameters request) throws Fault {
    var text = request.find("claims");
    if (text.isEmpty()) {
      return ClaimsRequest.NOTHING;
    }
    return ClaimsRequest.parse(text.get())
        .orElseThrow(() -> new Fault(OAuthError.INVALID_REQUEST, "The claims are malformed."));
  }

  // OpenID Connect Core §5.5.1.1, Unmet Authentication Requirements 1.0
  private Set<String> requireAcrs(ClaimsRequest claims) throws Fault {
    var acrs = claims.essentialAcrs();
    if (acrs.isPresent() && !mayBeReached(acrs.get())) {
      throw new Fault(
          OAuthError.UNMET_AUTHENTICATION_REQUIREMENTS,
          "None of the essential values of acr can be reached here.");
    }
    return acrs.orElse(Set.of());
  }

  /// Nobody knows what a provider can do before it was asked.
  private boolean mayBeReached(Set<String> acrs) {
    return acrs.stream().anyMatch(Acr.ALL::contains)
        || (!acrs.isEmpty() && !providers.all().isEmpty());
  }

  /// OpenID Connect Core §3.1.2.1, §5.5.1: with a `sub` asked for, nobody else will do.
  private static Set<UUID> requireSubjects(Optional<UUID> hinted, ClaimsRequest claims)
      throws Fault {
    if (hinted.isEmpty() && claims.subjects().isEmpty()) {
      return Set.of();
    }
    var subjects = new HashSet<UUID>();
    claims.subjects().stream()
        .flatMap(Set::stream)
        .flatMap(sub -> Ids.parse(sub).stream())
        .forEach(subjects::add);
    if (hinted.isPresent()) {
      if (claims.subjects().isEmpty()) {
        subjects.add(hinted.get());
      } else {
        subjects.retainAll(Set.of(hinted.get()));
      }
    }
    if (subjects.isEmpty()) {
      throw new Fault(OAuthError.LOGIN_REQUIRED, "Nobody has the sub that was asked for.");
    }
    return subjects;
  }

  /// The client knows this user, so the sign-in page may name them.
  private Optional<String> hintFor(UUID user) {
    return users
        .find(user)
        .map(known -> new MatrixId(known.username(), homeserver.serverName()).asHint());
  }

  /// What is no language tag is no language.
  private static List<String> languages(String text) {
    return Stream.of(text.split(" ", -1))
        .filter(tag -> LANGUAGE.matcher(tag).matches())
        .limit(LANGUAGES)
        .toList();
  }
}
