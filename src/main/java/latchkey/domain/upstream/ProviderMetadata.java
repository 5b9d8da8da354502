package latchkey.domain.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import latchkey.base.oauth.Pkce;
import latchkey.base.oauth.StrictJson;
import latchkey.domain.upstream.ProviderConfig.Discovery;
import latchkey.domain.upstream.ProviderConfig.Endpoints;
import org.jspecify.annotations.Nullable;

/// Where a provider is asked what, and what it can do (OpenID Connect Discovery §3). What the
/// configuration says outweighs what was discovered.
///
/// @param offersS256 whether it says that it takes code challenges
/// @param prompts what it takes as `prompt` (Initiating User Registration 1.0 §4), if it says so
/// @param namesIssuer whether each answer of its names it (RFC 9207)
record ProviderMetadata(
    Optional<URI> authorization,
    Optional<URI> token,
    Optional<URI> userinfo,
    Optional<URI> jwks,
    Optional<URI> endSession,
    boolean offersS256,
    Optional<Set<String>> prompts,
    boolean namesIssuer) {
  private static final int LONGEST_WORD = 200;

  /// What a provider says cannot be used.
  static final class Unusable extends Exception {
    Unusable(String message) {
      super(message, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /// Where the document of an issuer is.
  static URI address(String issuer) {
    var base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /// Without discovery.
  static ProviderMetadata configured(ProviderConfig provider) {
    var endpoints = provider.endpoints();
    return new ProviderMetadata(
        endpoints.authorization(),
        endpoints.token(),
        endpoints.userinfo(),
        endpoints.jwks(),
        Optional.empty(),
        false,
        Optional.empty(),
        false);
  }

  /// Reads what was discovered.
  static ProviderMetadata read(ProviderConfig provider, String document) throws Unusable {
    var json =
        StrictJson.object(document).orElseThrow(() -> new Unusable("its metadata are no JSON"));
    boolean isChecked = provider.discovery() == Discovery.OIDC;
    if (isChecked) {
      requireIssuer(provider, json);
    }
    var found = new Found(provider, json);
    var metadata =
        new ProviderMetadata(
            found.address("authorization_endpoint", Endpoints::authorization),
            found.address("token_endpoint", Endpoints::token),
            found.address("userinfo_endpoint", Endpoints::userinfo),
            found.address("jwks_uri", Endpoints::jwks),
            found.address("end_session_endpoint", _ -> Optional.empty()),
            says(json, "code_challenge_methods_supported", Pkce.S256),
            words(json, "prompt_values_supported"),
            json.path("authorization_response_iss_parameter_supported").asBoolean(false));
    if (isChecked) {
      metadata.requireEndpoints();
    }
    return metadata;
  }

  // OpenID Connect Discovery §4.3
  private static void requireIssuer(ProviderConfig provider, ObjectNode json) throws Unusable {
    var expected = provider.issuer().orElse("");
    var issuer = json.path("issuer").asText("");
    if (!issuer.equals(expected)) {
      throw new Unusable(
          "its metadata are of the issuer "
              + cut(issuer)
              + ", not "
              + expected
              + "; they have to be the same to the letter");
    }
    if (!expected.startsWith("https:") && !FoundAddresses.mayBePlain(provider)) {
      throw new Unusable("its issuer is not https; only discovery_mode insecure lets that pass");
    }
  }

  // OpenID Connect Discovery §3
  private void requireEndpoints() throws Unusable {
    if (authorization.isEmpty() || token.isEmpty() || jwks.isEmpty()) {
      throw new Unusable(
          "its metadata lack one of authorization_endpoint, token_endpoint and jwks_uri");
    }
  }

  private static Optional<Set<String>> words(ObjectNode json, String name) {
    if (!json.path(name).isArray()) {
      return Optional.empty();
    }
    var words = new HashSet<String>();
    json.path(name).forEach(item -> words.add(item.asText("")));
    return Optional.of(Set.copyOf(words));
  }

  /// Whether it takes this as `prompt`. `create` only a few know, and one that does not may refuse
  /// the whole request; the others are in OpenID Connect itself.
  boolean takesPrompt(String prompt) {
    return prompts.map(known -> known.contains(prompt)).orElse(!prompt.equals("create"));
  }

  private static boolean says(ObjectNode json, String name, String value) {
    for (var item : json.path(name)) {
      if (item.isTextual() && item.textValue().equals(value)) {
        return true;
      }
    }
    return false;
  }

  /// Endpoints of the document that the configuration does not replace.
  private record Found(ProviderConfig provider, ObjectNode json) {
    Optional<URI> address(String name, Function<Endpoints, Optional<URI>> configured)
        throws Unusable {
      var set = configured.apply(provider.endpoints());
      var text = json.path(name);
      if (set.isPresent() || !text.isTextual()) {
        return set;
      }
      var address = uri(text.textValue());
      if (address == null) {
        throw new Unusable("its " + name + " is no address: " + cut(text.textValue()));
      }
      var flaw = FoundAddresses.flaw(provider, address);
      if (flaw.isPresent()) {
        throw new Unusable("its " + name + " " + flaw.get() + ": " + cut(text.textValue()));
      }
      return Optional.of(address);
    }

    private static @Nullable URI uri(String text) {
      try {
        return URI.create(text);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }

  /// Somebody else's words, of a length one can read.
  static String cut(String words) {
    var printable = words.replaceAll("\\p{Cntrl}", " ").strip();
    return printable.length() <= LONGEST_WORD
        ? printable
        : printable.substring(0, LONGEST_WORD - 1) + "…";
  }
}
