package latchkey.domain.upstream;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import latchkey.base.web.IpNetwork;
import latchkey.domain.upstream.ProviderConfig.Discovery;

/// Addresses that a provider's metadata names, rather than an admin: whoever can change that
/// document must not have us ask around in our own network.
final class FoundAddresses {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /// What [InetAddress] does not call by a name: shared, unique local, reserved, and IPv4 within
  /// IPv6 (RFC 6890, RFC 6052).
  private static final List<IpNetwork> INTERNAL =
      Stream.of(
              "0.0.0.0/8",
              "100.64.0.0/10",
              "192.0.0.0/24",
              "198.18.0.0/15",
              "240.0.0.0/4",
              "fc00::/7",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "2002::/16")
          .flatMap(network -> IpNetwork.parse(network).stream())
          .toList();

  private FoundAddresses() {}

  /// What is wrong with the text of an address, before anybody looks up its host.
  static Optional<String> flaw(ProviderConfig provider, URI address) {
    if (address.getScheme() == null
        || !SCHEMES.contains(address.getScheme())
        || address.getHost() == null) {
      return Optional.of("is no http address");
    }
    if (address.getRawUserInfo() != null || address.getRawFragment() != null) {
      return Optional.of("has credentials or a fragment in it");
    }
    boolean isSafe = address.getScheme().equals("https");
    return isSafe || provider.discovery() == Discovery.INSECURE || mayBePlain(provider)
        ? Optional.empty()
        : Optional.of("is not https");
  }

  /// Whether this machine may not be sent there. Asked right before each call, so that both look
  /// the name up once: the JDK remembers it for half a minute.
  static Optional<String> objection(ProviderConfig provider, URI address) {
    if (isConfigured(provider, address) || !isInternal(address.getHost())) {
      return Optional.empty();
    }
    boolean issuerIsInternal =
        provider
            .issuer()
            .map(URI::create)
            .filter(issuer -> issuer.getHost() != null && isInternal(issuer.getHost()))
            .isPresent();
    return issuerIsInternal
        ? Optional.empty()
        : Optional.of(
            "leads to an internal address, and was found in the metadata of a provider that is"
                + " none; set it in the configuration if it is right");
  }

  private static boolean isConfigured(ProviderConfig provider, URI address) {
    var endpoints = provider.endpoints();
    return Stream.of(endpoints.token(), endpoints.userinfo(), endpoints.jwks())
            .flatMap(Optional::stream)
            .anyMatch(address::equals)
        || provider.issuer().map(ProviderMetadata::address).filter(address::equals).isPresent();
  }

  /// A provider on this machine may do without TLS.
  static boolean mayBePlain(ProviderConfig provider) {
    return provider
        .issuer()
        .map(URI::create)
        .filter(issuer -> "http".equals(issuer.getScheme()) && isLoopback(issuer.getHost()))
        .isPresent();
  }

  private static boolean isLoopback(String host) {
    return "localhost".equals(host) || isLiteralLoopback(host);
  }

  private static boolean isLiteralLoopback(String host) {
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isInternal(String host) {
    try {
      return Stream.of(InetAddress.getAllByName(host)).anyMatch(FoundAddresses::isInternal);
    } catch (UnknownHostException e) {
      // Nobody is there to be asked.
      return false;
    }
  }

  private static boolean isInternal(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || INTERNAL.stream().anyMatch(network -> network.contains(address));
  }
}
