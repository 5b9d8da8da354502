package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.ProviderConfig.Discovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The shapes of the providers that people use (`configuration.md` 12.4).
class UpstreamConfigTest {
  private static final Path FOLDER = Path.of("src/test/resources/providers");

  static List<Path> recipes() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void every_published_recipe_loads(Path recipe) {
    var root = Configuration.load(List.of(recipe), Map.of()).root(false);

    var providers = UpstreamConfig.read(root).providers();
    root.warnOfUnknown();

    assertThat(providers).hasSize(1);
    assertThat(root.faults().errors()).isEmpty();
    // One lets people in by name, and is warned of for that.
    assertThat(root.faults().warnings()).hasSize(recipe.endsWith("kanidm.yaml") ? 1 : 0);
    assertThat(root.faults().withoutEffect()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          facebook | authorization_endpoint | nobody can sign in
          facebook | token_endpoint         | nobody can sign in
          facebook | jwks_uri               | whoever comes with an ID token of this provider is refused
          github   | userinfo_endpoint      | nobody can sign in
          """)
  void an_address_that_nobody_could_discover_is_asked_for_at_once(
      String name, String key, String why) throws IOException {
    var recipe = Files.readString(FOLDER.resolve(name + ".yaml"));
    var file = file(recipe.replaceFirst(" +" + key + ": .*\n", ""));

    assertThat(warnings(file))
        .singleElement()
        .asString()
        .startsWith("%s:3: upstream_oauth2.providers[0].%s: is needed".formatted(file, key))
        .contains("discovery_mode disabled", why);
  }

  @Test
  void an_address_that_nobody_uses_is_not_asked_for() throws IOException {
    var facebook =
        Files.readString(FOLDER.resolve("facebook.yaml")).replaceFirst(" +jwks_uri: .*\n", "");
    var signedWithSecret =
        facebook.replaceFirst("( +)scope:", "$1id_token_signed_response_alg: HS256\n$1scope:");
    var withoutIdTokens = facebook.replaceFirst("scope: openid email", "scope: email");
    var discovered =
        facebook
            .replaceFirst(" +discovery_mode: .*\n", "")
            .replaceAll(" +\\w+_endpoint: .*\n", "")
            .replaceFirst("( +)scope:", "$1fetch_userinfo: true\n$1scope:");

    for (var yaml : List.of(signedWithSecret, withoutIdTokens, discovered)) {
      assertThat(yaml).isNotEqualTo(facebook);
      assertThat(warnings(file(yaml))).as(yaml).isEmpty();
    }
  }

  private static Path file(String yaml) throws IOException {
    var file = Files.createTempFile("provider", ".yaml");
    file.toFile().deleteOnExit();
    return Files.writeString(file, yaml);
  }

  private static List<Fault> warnings(Path file) {
    var root = Configuration.load(List.of(file), Map.of()).root(false);
    UpstreamConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    return root.faults().warnings();
  }

  @Test
  void several_files_add_their_providers_up() throws IOException {
    var root = Configuration.load(recipes(), Map.of()).root(false);

    var providers = UpstreamConfig.read(root).providers();

    assertThat(providers).extracting(ProviderConfig::humanName).doesNotHaveDuplicates().hasSize(13);
    assertThat(root.faults().errors()).isEmpty();
  }

  @Test
  void what_is_left_out_has_its_default() {
    var provider = provider("rauthy");

    assertThat(provider.enabled()).isTrue();
    assertThat(provider.discovery()).isEqualTo(Discovery.OIDC);
    assertThat(provider.pkce()).isEqualTo(ProviderConfig.Pkce.AUTO);
    assertThat(provider.idTokenAlgorithm()).isEqualTo("RS256");
    assertThat(provider.responseMode()).isEmpty();
    assertThat(provider.onBackchannelLogout())
        .isEqualTo(ProviderConfig.OnBackchannelLogout.DO_NOTHING);
    assertThat(provider.claims().subject().source()).isEqualTo("{{ user.sub }}");
    assertThat(provider.claims().localpart().claim().template().source())
        .isEqualTo("{{ user.preferred_username }}");
    assertThat(provider.claims().accountName()).isEmpty();
  }

  @Test
  void apple_has_a_key_of_its_own_and_github_no_issuer() {
    assertThat(provider("apple").credentials().apple().orElseThrow().teamId())
        .isEqualTo("TEAM123456");
    assertThat(provider("github").issuer()).isEmpty();
    assertThat(provider("keycloak").additionalParameters().templates())
        .containsOnlyKeys("kc_idp_hint", "login_hint");
  }

  @Test
  void a_domain_that_leads_to_a_disabled_provider_is_warned_of() throws IOException {
    var recipe = Files.readString(FOLDER.resolve("rauthy.yaml"));
    var id = Ids.text(provider("rauthy").id());
    var file =
        file(
            recipe.replaceFirst("( +)(- )?id:", "$1$2enabled: false\n$1  id:")
                + "\nlatchkey: {upstream: {domains: {example.com: %s}}}\n".formatted(id));
    var root = Configuration.load(List.of(file), Map.of()).root(true);

    UpstreamRules.read(root, UpstreamConfig.read(root));

    assertThat(root.faults().errors()).isEmpty();
    assertThat(root.faults().warnings().toString())
        .contains("latchkey.upstream.domains", "nobody comes in that way");
  }

  private static ProviderConfig provider(String name) {
    var file = FOLDER.resolve(name + ".yaml");
    return UpstreamConfig.read(Configuration.load(List.of(file), Map.of()).root(false))
        .providers()
        .getFirst();
  }
}
