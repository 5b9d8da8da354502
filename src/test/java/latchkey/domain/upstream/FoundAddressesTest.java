package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a provider's metadata may send us. Addresses are literal: nobody's name is looked up.
class FoundAddressesTest {
  private static final ProviderConfig PUBLIC = provider("https://198.51.100.7/realm", "oidc", "");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/keys",
        "https://[::1]/keys",
        "https://10.0.0.1/keys",
        "https://172.16.3.4/keys",
        "https://192.168.1.1/keys",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/keys",
        "https://100.64.0.1/keys",
        "https://198.18.0.1/keys",
        "https://224.0.0.1/keys",
        "https://255.255.255.255/keys",
        "https://[fe80::1]/keys",
        "https://[fd00::1]/keys",
        "https://[ff02::1]/keys",
        "https://[::]/keys",
        "https://[::ffff:10.0.0.1]/keys",
        "https://[64:ff9b::a00:1]/keys"
      })
  void a_provider_outside_may_not_send_us_inside(String address) {
    assertThat(FoundAddresses.objection(PUBLIC, URI.create(address)).orElse("nothing"))
        .contains("leads to an internal address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://198.51.100.8/keys", "https://[2001:db8::1]/keys"})
  void elsewhere_outside_is_all_right(String address) {
    assertThat(FoundAddresses.objection(PUBLIC, URI.create(address))).isEmpty();
  }

  @Test
  void an_admin_may_name_any_address_and_a_provider_inside_may_name_others_there() {
    var configured =
        provider("https://198.51.100.7/realm", "oidc", "jwks_uri: https://10.0.0.1/keys");
    assertThat(FoundAddresses.objection(configured, URI.create("https://10.0.0.1/keys"))).isEmpty();
    assertThat(FoundAddresses.objection(configured, URI.create("https://10.0.0.1/others")))
        .isPresent();

    var inside = provider("https://10.0.0.2/realm", "oidc", "");
    assertThat(FoundAddresses.objection(inside, URI.create("https://10.0.0.1/keys"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https,oidc,http://198.51.100.7/keys,its jwks_uri is not https",
    "https,oidc,ftp://198.51.100.7/keys,its jwks_uri is no http address",
    "https,oidc,file:///etc/passwd,its jwks_uri is no http address",
    "https,oidc,javascript:alert(1),its jwks_uri is no http address",
    "https,oidc,https://a:b@198.51.100.7/keys,its jwks_uri has credentials",
    "https,oidc,https://198.51.100.7/keys#x,its jwks_uri has credentials or a fragment",
    "https,oidc,https:// 198.51.100.7,its jwks_uri is no address",
    "http,oidc,https://198.51.100.7/keys,its issuer is not https",
    "https,insecure,gopher://198.51.100.7/keys,its jwks_uri is no http address"
  })
  void metadata_with_such_an_address_are_not_used(
      String scheme, String mode, String address, String words) {
    var provider = provider(scheme + "://198.51.100.7/realm", mode, "");

    assertThatThrownBy(() -> ProviderMetadata.read(provider, metadata(provider, address)))
        .isInstanceOf(ProviderMetadata.Unusable.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "https://198.51.100.7/realm,insecure,http://198.51.100.7/keys",
    "http://198.51.100.7/realm,insecure,http://198.51.100.7/keys",
    "http://localhost:8080/realm,oidc,http://localhost:8080/keys",
    "http://127.0.0.1:8080/realm,oidc,http://127.0.0.1:8080/keys"
  })
  void without_tls_only_where_an_admin_says_so_or_on_this_machine(
      String issuer, String mode, String address) throws Exception {
    var provider = provider(issuer, mode, "");

    assertThat(ProviderMetadata.read(provider, metadata(provider, address)).jwks())
        .hasValue(URI.create(address));
  }

  @Test
  void the_issuer_has_to_be_the_same_to_the_letter_and_what_is_needed_has_to_be_there() {
    var provider = provider("https://198.51.100.7/realm", "oidc", "");
    var metadata = metadata(provider, "https://198.51.100.7/keys");

    assertThatThrownBy(
            () -> ProviderMetadata.read(provider, metadata.replace("realm\"", "realm/\"")))
        .hasMessageContaining("of the issuer https://198.51.100.7/realm/, not");
    assertThatThrownBy(
            () -> ProviderMetadata.read(provider, metadata.replace("token_endpoint", "x")))
        .hasMessageContaining("lack one of");
    assertThatThrownBy(() -> ProviderMetadata.read(provider, "<html>"))
        .hasMessageContaining("are no JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Keycloak", "ftp://a.example", "https:///realm", "https://a.example/?x"})
  void an_issuer_that_is_no_address_is_a_fault_of_the_configuration(String issuer) {
    assertThatThrownBy(() -> provider(issuer, "oidc", ""))
        .hasMessageContaining("issuer: has to be a URL");
  }

  private static String metadata(ProviderConfig provider, String jwks) {
    return PlainJson.write(
        Map.of(
            "issuer",
            provider.issuer().orElseThrow(),
            "authorization_endpoint",
            "https://198.51.100.7/authorize",
            "token_endpoint",
            "https://198.51.100.7/token",
            "jwks_uri",
            jwks));
  }

  private static ProviderConfig provider(String issuer, String mode, String further) {
    return Acquaintance.upstream(
            """
            - id: 01KB0000000000000000000001
              issuer: %s
              client_id: us
              token_endpoint_auth_method: none
              discovery_mode: %s
              %s
            """
                .formatted(issuer, mode, further))
        .providers()
        .getFirst();
  }
}
