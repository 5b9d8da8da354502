package latchkey.domain.upstream;

import com.nimbusds.jose.jwk.JWKSet;
import jakarta.inject.Singleton;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import latchkey.domain.upstream.ProviderConfig.Discovery;
import latchkey.domain.upstream.ProviderConnection.Step;
import latchkey.domain.upstream.ProviderConnection.Wanted;
import latchkey.domain.upstream.ProviderProblem.Kind;

/// Asks a provider for its metadata and its keys (OpenID Connect Discovery §4, RFC 7517 §5). Each
/// answer has 5 seconds.
@Singleton
class AskMetadata {
  private static final String JSON = "application/json";

  private final ProviderConnection connection;

  AskMetadata(ProviderConnection connection) {
    this.connection = connection;
  }

  ProviderMetadata metadata(ProviderConfig provider) {
    if (provider.discovery() == Discovery.DISABLED) {
      return ProviderMetadata.configured(provider);
    }
    var address = ProviderMetadata.address(provider.issuer().orElse(""));
    try {
      return ProviderMetadata.read(provider, body(provider, Wanted.METADATA, address));
    } catch (ProviderMetadata.Unusable e) {
      throw new ProviderProblem(provider, new Kind.Unavailable(e.reason()));
    }
  }

  /// The keys there are; none if the provider has no address for them, or nothing that it says is
  /// signed with one of them.
  JWKSet keys(ProviderConfig provider, ProviderMetadata metadata) {
    if (metadata.jwks().isEmpty() || !hasUseOfKeys(provider)) {
      return new JWKSet();
    }
    try {
      return JWKSet.parse(body(provider, Wanted.KEYS, metadata.jwks().get()));
    } catch (ParseException e) {
      throw ProviderConnection.unavailable(provider, Wanted.KEYS, "they are no JWK set");
    }
  }

  private static boolean hasUseOfKeys(ProviderConfig provider) {
    return List.of(provider.idTokenAlgorithm(), provider.userinfoAlgorithm().orElse("HS256"))
        .stream()
        .anyMatch(algorithm -> !algorithm.startsWith("HS"));
  }

  private String body(ProviderConfig provider, Wanted wanted, URI address) {
    var answer = connection.get(provider, new Step(), wanted, address, JSON);
    if (answer.status() != 200) {
      throw ProviderConnection.unavailable(
          provider, wanted, address + " answers " + answer.status());
    }
    return answer.body();
  }
}
