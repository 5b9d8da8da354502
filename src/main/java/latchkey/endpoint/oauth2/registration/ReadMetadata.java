package latchkey.endpoint.oauth2.registration;

import com.google.common.net.InternetDomainName;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.domain.client.AuthMethod;
import latchkey.domain.client.ClientMetadata;
import latchkey.domain.client.GrantType;

/// Checks the form of client metadata and fills in what RFC 7591 §2 leaves to the server. What is
/// not supported is left out of lists, as the RFC allows, and refused where nothing would be left.
@Singleton
class ReadMetadata {
  private static final List<String> LINKS =
      List.of("client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri");

  private final List<String> algorithms;

  ReadMetadata(SigningKeys keys) {
    this.algorithms = keys.algorithms();
  }

  ClientMetadata handle(MetadataDocument document) {
    requireNoEncryption(document);
    var grantTypes = grantTypes(document);
    var redirectUris = redirectUris(document, grantTypes);
    LINKS.forEach(link -> document.text(link).ifPresent(url -> requireOwnHost(url, link)));
    var applicationType = document.text("application_type").orElse("web");
    if (!applicationType.equals("web") && !applicationType.equals(ClientMetadata.NATIVE)) {
      throw MetadataDocument.invalid("application_type must be web or native.");
    }
    return new ClientMetadata(
        redirectUris,
        grantTypes,
        responseTypes(document),
        applicationType,
        authMethod(document),
        document.text("client_name").orElse(null),
        document.text("client_uri").orElse(null),
        document.text("logo_uri").orElse(null),
        document.text("policy_uri").orElse(null),
        document.text("tos_uri").orElse(null),
        document.list("contacts").orElse(List.of()),
        document.text("software_id").orElse(null),
        document.text("software_version").orElse(null),
        algorithm(document, "id_token_signed_response_alg").orElse(null),
        algorithm(document, "userinfo_signed_response_alg").orElse(null),
        document.text("initiate_login_uri").orElse(null));
  }

  private static List<String> grantTypes(MetadataDocument document) {
    var asked = document.list("grant_types").orElse(List.of(GrantType.AUTHORIZATION_CODE));
    var granted = new ArrayList<>(GrantType.ALL);
    granted.retainAll(asked);
    if (granted.isEmpty()) {
      throw MetadataDocument.invalid(
          "None of these grant_types is supported; use authorization_code and refresh_token.");
    }
    return granted;
  }

  private static List<String> responseTypes(MetadataDocument document) {
    var asked = document.list("response_types").orElse(List.of("code"));
    if (!asked.isEmpty() && !asked.contains("code")) {
      throw MetadataDocument.invalid("Only the response type code is supported.");
    }
    return List.of("code");
  }

  private static List<String> redirectUris(MetadataDocument document, List<String> grantTypes) {
    var uris = document.list("redirect_uris").orElse(List.of());
    if (uris.isEmpty() && grantTypes.contains(GrantType.AUTHORIZATION_CODE)) {
      throw OAuthProblem.of(
          OAuthError.INVALID_REDIRECT_URI, "At least one of redirect_uris is needed.");
    }
    uris.forEach(ReadMetadata::requireRedirectUri);
    return uris.stream().distinct().toList();
  }

  // RFC 6749 §3.1.2: absolute, without fragment.
  private static void requireRedirectUri(String text) {
    try {
      var uri = new URI(text);
      if (uri.getScheme() == null || uri.getRawFragment() != null || isPublicSuffix(uri)) {
        throw invalidRedirectUri();
      }
    } catch (URISyntaxException e) {
      throw invalidRedirectUri();
    }
  }

  private static void requireOwnHost(String text, String member) {
    try {
      var uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!web || uri.getHost() == null || isPublicSuffix(uri)) {
        throw MetadataDocument.invalid(member + " must be the URL of a host of its own.");
      }
    } catch (URISyntaxException e) {
      throw MetadataDocument.invalid(member + " is no URL.");
    }
  }

  /// `github.io` is nobody's own host; `me.github.io` is.
  private static boolean isPublicSuffix(URI uri) {
    var host = uri.getHost();
    if (host == null || !InternetDomainName.isValid(host)) {
      return false;
    }
    var name = InternetDomainName.from(host);
    // A single label such as localhost is no suffix of the list; the rules judge it.
    return name.isPublicSuffix() && name.parts().size() > 1;
  }

  private static String authMethod(MetadataDocument document) {
    // RFC 7591 §2: the default is HTTP Basic.
    var method = document.text("token_endpoint_auth_method").orElse(AuthMethod.BASIC);
    if (!AuthMethod.ALL.contains(method)) {
      throw MetadataDocument.invalid(
          "token_endpoint_auth_method must be one of " + String.join(", ", AuthMethod.ALL) + ".");
    }
    if (document.has("jwks") && document.has("jwks_uri")) {
      throw MetadataDocument.invalid("Give either jwks or jwks_uri, not both.");
    }
    return method;
  }

  /// Only what a key is there for: what cannot be signed now would fail at every sign-in.
  private Optional<String> algorithm(MetadataDocument document, String member) {
    var algorithm = document.text(member);
    if (algorithm.isPresent() && !algorithms.contains(algorithm.get())) {
      throw MetadataDocument.invalid(
          member + " must be one of " + String.join(", ", algorithms) + ".");
    }
    return algorithm;
  }

  private static void requireNoEncryption(MetadataDocument document) {
    for (var encrypted :
        List.of("id_token_encrypted_response_alg", "userinfo_encrypted_response_alg")) {
      if (document.has(encrypted)) {
        throw MetadataDocument.invalid(encrypted + " is not supported.");
      }
    }
  }

  private static OAuthProblem invalidRedirectUri() {
    return OAuthProblem.of(
        OAuthError.INVALID_REDIRECT_URI,
        "Each redirect_uri must be an absolute URI of a host of its own, without fragment.");
  }
}
