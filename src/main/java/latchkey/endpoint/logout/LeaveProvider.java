package latchkey.endpoint.logout;

import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.HeldSession;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requester;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Page;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.EndSessionAddress;
import latchkey.domain.upstream.FindWayOut;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamRules;

/// Sends a browser that signs out here to where it signs out at its provider too, if the admin
/// wants that (`latchkey.upstream.logout`; OpenID Connect RP-Initiated Logout 1.0 §2), and takes it
/// back from there.
@Singleton
class LeaveProvider {
  private final UpstreamRules rules;
  private final Providers providers;
  private final FindWayOut findWayOut;
  private final EndSessionAddress endSessionAddress;
  private final BrowserSessions browserSessions;
  private final Frames frames;
  private final HttpConfig http;

  LeaveProvider(
      UpstreamRules rules,
      Providers providers,
      FindWayOut findWayOut,
      EndSessionAddress endSessionAddress,
      BrowserSessions browserSessions,
      Frames frames,
      HttpConfig http) {
    this.rules = rules;
    this.providers = providers;
    this.findWayOut = findWayOut;
    this.endSessionAddress = endSessionAddress;
    this.browserSessions = browserSessions;
    this.frames = frames;
    this.http = http;
  }

  /// @param page for who is not taken there by the browser itself
  /// @param target holds what the provider knows the person by, and is for nobody else's eyes
  record Way(Page page, URI target) {
    @Override
    public String toString() {
      return "Way[…]";
    }
  }

  /// To be asked while the session is there. Empty where it does not come from a provider, or that
  /// has no such place.
  Optional<Way> handle(HeldSession cookie, Requester requester, Continuation next) {
    // With a void cookie nobody learns what a provider said of somebody.
    if (!rules.logout()
        || !(browserSessions.visitor(Optional.of(cookie), requester)
            instanceof Visitor.SignedIn(var session, _, _))) {
      return Optional.empty();
    }
    var way = findWayOut.handle(session);
    var provider = way.flatMap(known -> providers.find(known.providerId()));
    if (way.isEmpty() || provider.isEmpty()) {
      return Optional.empty();
    }
    return endSessionAddress
        .of(provider.get(), way.get().idToken(), back(), state(next))
        .map(
            target ->
                new Way(
                    new LeavingPage(
                        frames.frame(requester),
                        Providers.nameOf(provider.get()),
                        target.toString()),
                    target));
  }

  /// `post_logout_redirect_uri`, to be registered at the provider.
  private String back() {
    var base = http.publicBase().toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + Routes.LOGOUT;
  }

  private static String state(Continuation next) {
    var path = next.loginPath().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(path);
  }

  /// Where somebody who comes back goes on: one of the closed list, whatever the state says.
  static Continuation returning(Parameters query) {
    try {
      var path =
          new String(
              Base64.getUrlDecoder().decode(query.find("state").orElse("")),
              StandardCharsets.UTF_8);
      var parameters = path.substring(path.indexOf('?') + 1).getBytes(StandardCharsets.UTF_8);
      return Continuation.read(Parameters.parse(parameters));
    } catch (IllegalArgumentException | Parameters.Malformed e) {
      return new Continuation.Home();
    }
  }
}
