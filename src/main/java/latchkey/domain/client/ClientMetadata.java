package latchkey.domain.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client says of itself (RFC 7591 §2), as far as it is kept, with the defaults filled in.
///
/// @param authMethod `token_endpoint_auth_method`
/// @param idTokenAlgorithm `id_token_signed_response_alg`; null for the default
/// @param userinfoAlgorithm `userinfo_signed_response_alg`; null for plain JSON
public record ClientMetadata(
    List<String> redirectUris,
    List<String> grantTypes,
    List<String> responseTypes,
    String applicationType,
    String authMethod,
    @Nullable String name,
    @Nullable String uri,
    @Nullable String logoUri,
    @Nullable String policyUri,
    @Nullable String tosUri,
    List<String> contacts,
    @Nullable String softwareId,
    @Nullable String softwareVersion,
    @Nullable String idTokenAlgorithm,
    @Nullable String userinfoAlgorithm,
    @Nullable String initiateLoginUri) {
  public static final String NATIVE = "native";

  public ClientMetadata {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = List.copyOf(grantTypes);
    responseTypes = List.copyOf(responseTypes);
    contacts = List.copyOf(contacts);
  }
}
