package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `config generate -s`, for those who come from Synapse.
@Tag("slow")
class ConfigGenerateTest {
  private static final Path OLD = Path.of("src/test/resources/synapse/homeserver.yaml");
  private static final String SMALL = "server_name: example.com\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void what_synapse_says_of_itself_and_of_accounts_is_said_here() {
    var ours = generated(OLD);

    assertThat(ours.at("/matrix/homeserver").asText()).isEqualTo("example.com");
    assertThat(ours.at("/matrix/endpoint").asText()).isEqualTo("https://matrix.example.com/");
    assertThat(ours.at("/matrix/secret").asText()).hasSize(32);
    assertThat(ours.at("/secrets/keys")).hasSize(4);
    assertThat(ours.get("account"))
        .hasToString(
            json(
                "{'email_change_allowed':false,'displayname_change_allowed':false,"
                    + "'password_registration_enabled':true,'password_registration_email_required':true}"));
    assertThat(ours.get("passwords"))
        .hasToString(
            """
            {"enabled":true,"minimum_complexity":3,"schemes":[\
            {"version":1,"algorithm":"bcrypt","cost":11,"secret":"pfeffer: 'n' \\"salz\\"",\
            "unicode_normalization":true},{"version":2,"algorithm":"argon2id"}]}""");
    assertThat(ours.get("email"))
        .hasToString(
            json(
                "{'transport':'smtp','mode':'starttls','hostname':'mail.example.com','port':587,"
                    + "'username':'synapse','password':'mailgeheim',"
                    + "'from':'Example <noreply@example.com>'}"));
  }

  @Test
  void a_provider_with_everything() {
    var keycloak = provider(OLD, 0);

    assertThat(keycloak.get("id").asText()).hasSize(26);
    assertThat(without(keycloak, "id"))
        .hasToString(
            json(
                "{'synapse_idp_id':'oidc-keycloak','issuer':'https://keycloak.example.com/realms/main',"
                    + "'human_name':'Company','client_id':'synapse',"
                    + "'token_endpoint_auth_method':'client_secret_basic','client_secret':'kcgeheim',"
                    + "'scope':'openid profile','discovery_mode':'oidc','pkce_method':'always',"
                    + "'fetch_userinfo':false,'response_mode':'form_post',"
                    + "'additional_authorization_parameters':{'acr_values':'2fa',"
                    + "'login_hint':'{{ params.login_hint }}',"
                    + "'kc-action':'{{ params[^kc-action^] }}'},"
                    + "'on_backchannel_logout':'logout_all','claims_imports':{"
                    + "'subject':{'template':'{{ user.employee }}'},"
                    + "'localpart':{'action':'require','template':'{{ user.preferred_username }}',"
                    + "'on_conflict':'add'},"
                    + "'displayname':{'action':'force','template':'{{ user.name }}'},"
                    + "'email':{'action':'force','template':'{{ user.email }}'}},'enabled':false}"));
  }

  @Test
  void a_provider_without_discovery_and_id_token() {
    assertThat(without(provider(OLD, 1), "id"))
        .hasToString(
            json(
                "{'synapse_idp_id':'oidc-github','issuer':'https://github.com/','human_name':'GitHub',"
                    + "'brand_name':'github','client_id':'gh',"
                    + "'token_endpoint_auth_method':'client_secret_post',"
                    + "'client_secret_file':'/run/secrets/github','scope':'read:user',"
                    + "'discovery_mode':'disabled','fetch_userinfo':true,"
                    + "'authorization_endpoint':'https://github.com/login/oauth/authorize',"
                    + "'token_endpoint':'https://github.com/login/oauth/access_token',"
                    + "'userinfo_endpoint':'https://api.github.com/user','claims_imports':{"
                    + "'subject':{'template':'{{ user.id }}'},"
                    + "'localpart':{'action':'suggest','template':'{{ user.login }}'},"
                    + "'displayname':{'action':'suggest','template':'{{ user.name }}'}},'enabled':false}"));
  }

  @Test
  void apple_keeps_its_key() {
    var apple = provider(OLD, 2);

    assertThat(apple.get("token_endpoint_auth_method").asText()).isEqualTo("sign_in_with_apple");
    assertThat(apple.at("/sign_in_with_apple/team_id").asText()).isEqualTo("TEAM456");
    assertThat(apple.at("/sign_in_with_apple/key_id").asText()).isEqualTo("KEY123");
    assertThat(apple.at("/sign_in_with_apple/private_key").asText())
        .startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(apple.has("client_secret")).isFalse();
  }

  @Test
  void the_one_provider_of_old_comes_last_under_its_old_name() {
    assertThat(without(provider(OLD, 3), "id"))
        .hasToString(
            json(
                "{'synapse_idp_id':'oidc','issuer':'https://old.example.com/','client_id':'old',"
                    + "'token_endpoint_auth_method':'none','scope':'openid',"
                    + "'discovery_mode':'insecure','fetch_userinfo':true,"
                    + "'id_token_signed_response_alg':'ES256'}"));
  }

  @Test
  void what_goes_nowhere_is_told_with_its_place_and_without_secrets() {
    var run = CommandLineRun.of("config", "generate", "-s", OLD.toString());

    assertThat(run.err().lines())
        .allMatch(line -> line.startsWith("warning: " + OLD + ":"))
        .extracting(line -> line.replaceFirst(".*?:\\d+: ([^:]*): .*", "$1"))
        .containsExactlyInAnyOrder(
            "cas_config",
            "user_consent",
            "oidc_providers[0].scopes",
            "oidc_providers[0].user_mapping_provider.config.picture_claim",
            "oidc_providers[0].attribute_requirements",
            "oidc_providers[1].enable_registration",
            "oidc_providers[1].idp_icon",
            "oidc_providers[3]",
            "oidc_config.user_mapping_provider.module");
    assertThat(run.err())
        .containsOnlyOnce(
            "attribute_requirements: cannot be kept, so the provider has enabled: false")
        .containsOnlyOnce("enable_registration: cannot be kept, so the provider has enabled: false")
        .doesNotContain("geheim", "pfeffer");
  }

  @Test
  void what_was_given_loads_fits_the_schema_and_has_nothing_unknown() throws IOException {
    var file = folder.resolve("config.yaml");
    var run = CommandLineRun.of("config", "generate", "-s", OLD.toString(), "-o", file.toString());
    assertThat(run.exit()).isZero();

    assertThat(schemaFaults(file)).isEmpty();
    var check = CommandLineRun.of("config", "check", "-c", file.toString());
    assertThat(check.exit()).as(check.err()).isZero();
    assertThat(check.err()).doesNotContain("unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "'smtp_host: m', starttls, 25",
    "'smtp_host: m, require_transport_security: true', starttls, 25",
    "'smtp_host: m, enable_tls: false', plain, 25",
    "'smtp_host: m, force_tls: true', tls, 465",
    "'smtp_host: m, force_tls: true, smtp_port: 2525', tls, 2525"
  })
  void mail_goes_to_the_port_that_synapse_used(String email, String mode, int port)
      throws IOException {
    var ours = generated(write("mail.yaml", SMALL + "email: {" + email + "}\n"));

    assertThat(ours.at("/email/mode").asText()).isEqualTo(mode);
    assertThat(ours.at("/email/port").asInt()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "employee, '{{ user.employee }}'",
    "'https://x.example/uid', '{{ user[''https://x.example/uid''] }}'",
    "'it''s', '{{ user[''it\\''s''] }}'"
  })
  void a_claim_of_any_name_is_the_subject(String claim, String template) throws IOException {
    var yaml =
        """
        oidc_providers:
          - issuer: https://i.example/
            client_id: c
            user_mapping_provider: {config: {subject_claim: "%s"}}
        """;
    var file = write("claims.yaml", SMALL + yaml.formatted(claim));

    assertThat(provider(file, 0).at("/claims_imports/subject/template").asText())
        .isEqualTo(template);
    var config = folder.resolve("config.yaml");
    CommandLineRun.of("config", "generate", "-s", file.toString(), "-o", config.toString());
    var check = CommandLineRun.of("config", "check", "-c", config.toString());
    assertThat(check.exit()).as(check.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'enable_registration_captcha: true', enable_registration_captcha",
    "'registration_requires_token: true', registration_requires_token"
  })
  void a_door_whose_guard_is_not_there_yet_stays_shut(String guard, String key) throws IOException {
    var synapse =
        write(
            "guarded.yaml",
            SMALL
                + "enable_registration: true\n"
                + guard
                + "\nrecaptcha_public_key: public\nrecaptcha_private_key_path: "
                + write("private", "geheim\n")
                + "\n");
    var file = folder.resolve("config.yaml");

    var run =
        CommandLineRun.of("config", "generate", "-s", synapse.toString(), "-o", file.toString());

    assertThat(run.err()).contains("warning: " + key + ": not supported yet");
    var ours = tree(Files.readString(file));
    assertThat(ours.at("/account/password_registration_enabled").asBoolean(true)).isFalse();
    if (key.contains("captcha")) {
      assertThat(ours.get("captcha"))
          .hasToString(json("{'site_key':'public','secret_key':'geheim'}"));
    }
    assertThat(CommandLineRun.of("config", "check", "-c", file.toString()).exit()).isZero();
    assertThat(schemaFaults(file)).isEmpty();
  }

  @Test
  void a_captcha_that_was_off_is_nothing_to_take_over() throws IOException {
    var ours = generated(write("a.yaml", SMALL + "recaptcha_public_key: public\n"));

    assertThat(ours.has("captcha")).isFalse();
  }

  @Test
  void a_small_file_brings_its_defaults() throws IOException {
    var ours = generated(write("small.yaml", SMALL + "oidc_providers:\npassword_config:\n"));

    assertThat(ours.at("/matrix/endpoint").asText()).isEqualTo("http://localhost:8008/");
    assertThat(ours.at("/email/transport").asText()).isEqualTo("blackhole");
    assertThat(ours.at("/passwords/schemes/0"))
        .hasToString(
            json("{'version':1,'algorithm':'bcrypt','cost':12,'unicode_normalization':true}"));
    assertThat(ours.has("account")).isFalse();
    assertThat(ours.has("upstream_oauth2")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "password_config: {enabled: false}",
    "password_config: {enabled: no}",
    "password_config: {enabled: only_for_reauth}",
    "password_config: {localdb_enabled: false}"
  })
  void passwords_that_open_nothing_in_synapse_open_nothing_here(String yaml) throws IOException {
    var ours = generated(write("off.yaml", SMALL + "enable_registration: true\n" + yaml + "\n"));

    assertThat(ours.get("passwords")).hasToString(json("{'enabled':false}"));
    assertThat(ours.has("account")).isFalse();
  }

  @Test
  void of_several_files_the_last_one_that_has_a_key_counts() throws IOException {
    var providers = "oidc_providers: [{idp_id: %s, issuer: https://i.example/, client_id: c}]\n";
    var conf = Files.createDirectory(folder.resolve("conf.d"));
    Files.writeString(conf.resolve("20.yaml"), providers.formatted("c") + "bcrypt_rounds: 10\n");
    Files.writeString(conf.resolve("10.yaml"), providers.formatted("b") + "bcrypt_rounds: 9\n");
    Files.writeString(conf.resolve("99.yaml.off"), "bcrypt_rounds: 8\n");
    var first =
        write("first.yaml", SMALL + "password_config: {pepper: x}\n" + providers.formatted("a"));
    var last = write("last.yaml", "password_config: {enabled: true}\n");

    var run =
        CommandLineRun.of(
            "config",
            "generate",
            "-s",
            first.toString(),
            "-s",
            conf.toString(),
            "-s",
            last.toString());

    var ours = tree(run.out());
    assertThat(ours.at("/upstream_oauth2/providers")).hasSize(1);
    assertThat(ours.at("/upstream_oauth2/providers/0/synapse_idp_id").asText()).isEqualTo("oidc-c");
    assertThat(ours.at("/passwords/schemes/0/cost").asInt()).isEqualTo(10);
    assertThat(ours.at("/passwords/schemes/0").has("secret"))
        .as("mappings are not merged, as Synapse does not merge them")
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: [1   | bad.yaml:1: this is no YAML: ",
        "- a     | bad.yaml:1: a file of keys and values was expected",
        "http: {}| bad.yaml: server_name: is missing: is this Synapse's homeserver.yaml?",
        "server_name: 5 | bad.yaml:1: server_name: a text is expected",
        "oidc_providers: {a: 1} | bad.yaml:1: oidc_providers: a list is expected",
      })
  void what_is_no_homeserver_yaml_is_refused_in_a_sentence(String yaml, String sentence)
      throws IOException {
    var run = CommandLineRun.of("config", "generate", "-s", write("bad.yaml", yaml).toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(sentence).doesNotContain("Exception");
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    var latin = folder.resolve("latin1.yaml");
    Files.write(latin, "server_name: zürich.example\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(CommandLineRun.of("config", "generate", "-s", latin.toString()).err())
        .isEqualTo("error: " + latin + ": the file cannot be read\n");
    assertThat(CommandLineRun.of("config", "generate", "-s", folder + "/nowhere.yaml").err())
        .isEqualTo("error: " + folder + "/nowhere.yaml: there is no such file\n");
  }

  private JsonNode provider(Path synapse, int index) {
    return Objects.requireNonNull(generated(synapse).at("/upstream_oauth2/providers").get(index));
  }

  private static JsonNode without(JsonNode provider, String key) {
    ObjectNode copy = provider.deepCopy();
    copy.remove(key);
    return copy;
  }

  private JsonNode generated(Path synapse) {
    var run = CommandLineRun.of("config", "generate", "-s", synapse.toString());
    assertThat(run.exit()).as(run.err()).isZero();
    return tree(run.out());
  }

  private JsonNode tree(String yaml) {
    try {
      var file = Files.writeString(folder.resolve("tree.yaml"), yaml);
      return new ObjectMapper().valueToTree(Configuration.load(List.of(file), Map.of()).plain());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<?> schemaFaults(Path file) throws IOException {
    var plain = Configuration.load(List.of(file), Map.of()).plain();
    try (var contract = ConfigGenerateTest.class.getResourceAsStream("/config-contract.json")) {
      // Its format `email` does not admit the name before an address that its own default has.
      var settings = SchemaValidatorsConfig.builder().formatAssertionsEnabled(false).build();
      var schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(contract, settings);
      return List.copyOf(schema.validate(new ObjectMapper().valueToTree(plain)));
    }
  }

  /// With single quotes for double ones, and `^` for single ones.
  private static String json(String text) {
    return text.replace('\'', '"').replace('^', '\'');
  }
}
