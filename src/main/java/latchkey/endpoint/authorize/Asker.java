package latchkey.endpoint.authorize;

import java.util.Optional;
import java.util.Set;
import latchkey.base.error.OAuthProblem;
import latchkey.base.language.Message;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.ResponseMode;
import latchkey.base.web.Parameters;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.client.RedirectUris;
import org.jspecify.annotations.Nullable;

/// Who asks, and where and how the answer goes: what has to be trusted before the client itself can
/// be told anything. A fault in it is a page.
///
/// @param mode the mode to answer in; the one asked for if that can be used
record Asker(ClientView client, String redirectUri, ResponseMode mode, @Nullable String state) {
  private static final Set<String> WEB = Set.of("https", "http");

  static Asker identify(Parameters request, Clients clients) {
    var client = requireClient(request, clients);
    var redirectUri = requireRedirectUri(request, client);
    var mode =
        unrepeated(request, "response_mode")
            .flatMap(ResponseMode::parse)
            .filter(asked -> canAnswer(redirectUri, asked))
            .orElse(ResponseMode.QUERY);
    return new Asker(client, redirectUri, mode, unrepeated(request, "state").orElse(null));
  }

  /// Only a web server takes a form.
  static boolean canAnswer(String redirectUri, ResponseMode mode) {
    return mode != ResponseMode.FORM_POST || WEB.contains(scheme(redirectUri));
  }

  private static ClientView requireClient(Parameters request, Clients clients) {
    refuseRepeated(request, "client_id");
    return request
        .find("client_id")
        .flatMap(clients::find)
        .orElseThrow(
            () ->
                OAuthProblem.of(OAuthError.INVALID_REQUEST, "there is no such client")
                    .withMessage(Message.of("latchkey.error.client_unknown")));
  }

  // RFC 6749 §3.1.2.4: never redirect to an address that is not registered.
  private static String requireRedirectUri(Parameters request, ClientView client) {
    refuseRepeated(request, "redirect_uri");
    return RedirectUris.resolve(client.metadata().redirectUris(), request.find("redirect_uri"))
        // RFC 6749 §3.1.2: without a fragment, which would swallow the answer.
        .filter(uri -> uri.indexOf('#') < 0)
        .orElseThrow(
            () ->
                OAuthProblem.of(OAuthError.INVALID_REQUEST, "the redirect URI is not registered")
                    .withMessage(
                        Message.of("latchkey.error.redirect_unknown")
                            .with("client_name", client.displayName())));
  }

  private static void refuseRepeated(Parameters request, String name) {
    if (request.repeated().contains(name)) {
      throw OAuthProblem.of(OAuthError.INVALID_REQUEST, name + " is there more than once")
          .withMessage(Message.of("latchkey.error.client_ambiguous"));
    }
  }

  /// A parameter, unless it is there more than once: then none of its values counts.
  private static Optional<String> unrepeated(Parameters request, String name) {
    return request.find(name).filter(_ -> !request.repeated().contains(name));
  }

  private static String scheme(String uri) {
    return uri.substring(0, Math.max(0, uri.indexOf(':')));
  }
}
