package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  /// What a configuration needs at least; a test that writes one of these sections leaves it out
  /// here.
  private static final Map<String, String> NEEDED =
      Map.of(
          "secrets", "secrets: {encryption: '" + HEX + "'}\n", "matrix", "matrix: {secret: s}\n");

  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  /// The text, the line and key path of its one fault, and a word of what is said about it.
  static Stream<Arguments> faults() {
    var http = "http:\n  public_base: https://p/\n";
    var listener = http + "  listeners:\n    - name: w\n";
    var resources = "      resources: [{name: oauth}]\n";
    var binds = "      binds: [{port: 1}]\n";
    var client = "clients:\n  - client_id: " + ULID + "\n";
    return Stream.of(
        arguments("http:\n  issuer: https://p/\n", 2, "http.public_base", "is missing"),
        arguments("http:\n  public_base: ftp://p/\n", 2, "http.public_base", "http or https"),
        arguments("http:\n  public_base: https://u@p/\n", 2, "http.public_base", "no user"),
        arguments("http:\n  public_base: https://p/?q\n", 2, "http.public_base", "query"),
        arguments(http + "  issuer: nonsense\n", 3, "http.issuer", "URL"),
        arguments(http + "  trusted_proxies: [a.b]\n", 3, "http.trusted_proxies", "a.b"),
        arguments(http + "  trusted_proxies: [10.0.0.0/33]\n", 3, "http.trusted_proxies", "/33"),
        arguments(http + "  listeners: {}\n", 3, "http.listeners", "list"),
        arguments(listener + binds, 4, "http.listeners[0].resources", "must not be empty"),
        arguments(listener + resources, 4, "http.listeners[0].binds", "must not be empty"),
        arguments(
            listener + binds + "      resources: [{name: x}]\n",
            6,
            "http.listeners[0].resources[0].name",
            "there is no resource x"),
        arguments(
            listener + binds + "      resources:\n        - name: human\n        - name: human\n",
            8,
            "http.listeners[0].resources[1].name",
            "twice"),
        arguments(
            listener + resources + "      binds: [{port: 65536}]\n",
            6,
            "http.listeners[0].binds[0].port",
            "0 to 65535"),
        arguments(
            listener + resources + "      binds: [{port: '80'}]\n",
            6,
            "http.listeners[0].binds[0].port",
            "whole number"),
        arguments(
            listener + resources + "      binds: [{address: 'localhost:80'}]\n",
            6,
            "http.listeners[0].binds[0].address",
            "[::]:8080"),
        arguments(
            listener + resources + "      binds: [{socket: /s, mode: '999'}]\n",
            6,
            "http.listeners[0].binds[0].mode",
            "octal"),
        arguments(
            listener + resources + "      binds: [{prot: 80}]\n",
            6,
            "http.listeners[0].binds[0]",
            "did you mean port instead of prot?"),
        arguments(
            listener + resources + "      binds: [{fd: 0}]\n",
            6,
            "http.listeners[0].binds[0]",
            "not supported"),
        arguments(
            listener + resources + binds + "      proxy_protocol: 1\n",
            7,
            "http.listeners[0].proxy_protocol",
            "true or false"),
        arguments(
            listener + resources + binds + "      tls: {certificate_file: /c}\n",
            7,
            "http.listeners[0].tls.key",
            "either key or key_file"),
        arguments(
            listener
                + resources
                + binds
                + "      tls: {certificate: a, certificate_file: b, key: k}\n",
            7,
            "http.listeners[0].tls.certificate",
            "either certificate or certificate_file"),
        arguments(
            listener + resources + binds + "      tls: {certificate: a, key: k}\n",
            7,
            "http.listeners[0].tls",
            "no PEM certificate"),
        arguments(
            listener + resources + binds + "      prefix: x\n",
            7,
            "http.listeners[0].prefix",
            "a path"),
        arguments("database:\n  uri: mysql://x\n", 2, "database.uri", "postgresql://"),
        arguments("database:\n  uri: postgresql://x:0/\n", 2, "database.uri", "postgresql://"),
        arguments("database:\n  uri: postgresql://\n  host: x\n", 3, "database.host", "not both"),
        arguments("database:\n  port: 0\n", 2, "database.port", "1 to 65535"),
        arguments("database:\n  ssl_mode: on\n", 2, "database.ssl_mode", "verify-full"),
        arguments("database:\n  ssl_ca: x\n", 2, "database.ssl_ca", "PEM text"),
        arguments("database:\n  ssl_key_file: x\n", 2, "database.ssl_key_file", "together"),
        arguments("database:\n  max_connections: 0\n", 2, "database.max_connections", "1 to"),
        arguments(
            "database:\n  min_connections: 11\n", 2, "database.min_connections", "max_connections"),
        arguments("secrets:\n  encryption: abc\n", 2, "secrets.encryption", "64 hexadecimal"),
        arguments("secrets:\n  keys: []\n", 2, "secrets.encryption", "is missing"),
        arguments(secrets("keys: [{kid: a}]"), 3, "secrets.keys[0].key", "is missing"),
        arguments(secrets("keys: [{key: nonsense}]"), 3, "secrets.keys[0].key", "PEM"),
        arguments("matrix:\n  kind: synapse\n", 2, "matrix.secret", "is missing"),
        arguments("matrix:\n  secret: a\n  secret_file: b\n", 2, "matrix.secret", "not both"),
        arguments("matrix:\n  secret: a\n  kind: dendrite\n", 3, "matrix.kind", "synapse_modern"),
        arguments(
            "matrix:\n  secret: a\n  kind: synapse_legacy\n",
            3,
            "matrix.kind",
            "not supported yet"),
        arguments("matrix:\n  secret: 5\n", 2, "matrix.secret", "text"),
        arguments("matrix:\n  secret: a\n  endpoint: h:1\n", 3, "matrix.endpoint", "URL"),
        arguments("passwords:\n  enabled: yes\n", 2, "passwords.enabled", "true or false"),
        arguments("passwords:\n  schemes: []\n", 2, "passwords.schemes", "at least one"),
        arguments(
            "passwords:\n  schemes: [{algorithm: bcrypt}]\n",
            2,
            "passwords.schemes[0].version",
            "missing"),
        arguments(
            "passwords:\n  schemes: [{version: 1}]\n",
            2,
            "passwords.schemes[0].algorithm",
            "missing"),
        arguments(
            "passwords:\n  schemes: [{version: 1, algorithm: md5}]\n",
            2,
            "passwords.schemes[0].algorithm",
            "argon2id"),
        arguments(
            "passwords:\n  schemes:\n    - {version: 1, algorithm: bcrypt}\n    - {version: 1, algorithm: argon2id}\n",
            4,
            "passwords.schemes[1].version",
            "same version"),
        arguments(
            "passwords:\n  schemes: [{version: 1, algorithm: bcrypt, secret: a, secret_file: b}]\n",
            2,
            "passwords.schemes[0].secret",
            "not both"),
        arguments(
            "clients:\n  - client_id: x\n    client_auth_method: none\n",
            2,
            "clients[0].client_id",
            "ULID"),
        arguments("clients:\n  - client_auth_method: none\n", 2, "clients[0].client_id", "missing"),
        arguments(client, 2, "clients[0].client_auth_method", "missing"),
        arguments(
            client + "    client_auth_method: x\n",
            3,
            "clients[0].client_auth_method",
            "private_key_jwt"),
        arguments(
            client + "    client_auth_method: none\n    client_secret: s\n",
            4,
            "clients[0].client_secret",
            "not allowed"),
        arguments(
            client + "    client_auth_method: client_secret_post\n",
            2,
            "clients[0].client_secret",
            "needed"),
        arguments(
            client + "    client_auth_method: none\n    jwks_uri: https://x/\n",
            4,
            "clients[0].jwks_uri",
            "not allowed"),
        arguments(
            client + "    client_auth_method: private_key_jwt\n    jwks_uri: https://x/\n",
            3,
            "clients[0].client_auth_method",
            "not supported yet"),
        arguments(
            client + "    client_auth_method: client_secret_jwt\n    client_secret: s\n",
            3,
            "clients[0].client_auth_method",
            "not supported yet"),
        arguments(
            client + "    client_auth_method: none\n    redirect_uris: [/x]\n",
            4,
            "clients[0].redirect_uris",
            "absolute"),
        arguments(
            client
                + "    client_auth_method: none\n  - client_id: "
                + ULID
                + "\n    client_auth_method: none\n",
            4,
            "clients[1].client_id",
            "same id"),
        arguments("policy:\n  wasm_module: /mine.wasm\n", 2, "policy.wasm_module", "lift"),
        arguments("policy:\n  data: []\n", 2, "policy.data", "keys and values"),
        arguments("matrix:\n  secret: ''\n", 2, "matrix.secret", "must not be empty"),
        arguments(
            "passwords:\n  schemes: [{version: 1, algorithm: bcrypt, cost: 19}]\n",
            2,
            "passwords.schemes[0].cost",
            "4 to 18"),
        arguments("captcha:\n  service: hcaptcha\n", 2, "captcha.service", "robots"),
        arguments(
            "account:\n  registration_token_required: true\n",
            2,
            "account.registration_token_required",
            "anybody"),
        arguments(
            "account:\n  password_registration_token_required: true\n",
            2,
            "account.password_registration_token_required",
            "anybody"),
        arguments(
            "upstream_oauth2:\n  providers:\n    - registration_token_required: true\n",
            3,
            "upstream_oauth2.providers[0].registration_token_required",
            "anybody"),
        arguments(
            "experimental:\n  access_token_ttl: 0\n", 2, "experimental.access_token_ttl", "1 to"),
        arguments(
            "latchkey:\n  token_keys: [{id: 0, secret: " + HEX + "}]\n",
            2,
            "latchkey.token_keys[0].id",
            "1 to 65535"),
        arguments(
            "latchkey:\n  token_keys: [{id: 1, secret: short}]\n",
            2,
            "latchkey.token_keys[0].secret",
            "32"),
        arguments(
            "latchkey:\n  token_keys: [{id: 1, secret: " + HEX + ", mint_from: soon}]\n",
            2,
            "latchkey.token_keys[0].mint_from",
            "2026"),
        arguments(
            "latchkey:\n  token_keys:\n    - {id: 1, secret: "
                + HEX
                + "}\n    - {id: 1, secret: "
                + HEX
                + "}\n",
            4,
            "latchkey.token_keys[1].id",
            "two token keys"),
        arguments(
            "latchkey:\n  token_keys: [{id: 1, secret: " + HEX + ", withdrawn: true}]\n",
            2,
            "latchkey.token_keys",
            "not be withdrawn"),
        arguments(
            "latchkey:\n  refresh: {on_suspicion: cry}\n",
            2,
            "latchkey.refresh.on_suspicion",
            "tell, end"),
        arguments("latchkey:\n  refresh: {leeway: -1}\n", 2, "latchkey.refresh.leeway", "0 to"),
        arguments("branding:\n  tos_uri: x\n", 2, "branding.tos_uri", "URL"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_rule_that_is_broken_is_told_with_line_and_key_path(
      String text, int line, String path, String word) throws IOException {
    var file = write(text);

    var settings = read(file, false);

    assertThat(settings.errors())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.toString()).startsWith(file + ":" + line + ": " + path + ": ");
              assertThat(fault.problem()).contains(word);
            });
    assertThatThrownBy(settings::orThrow).isInstanceOf(BadConfiguration.class);
  }

  @Test
  void an_empty_file_lacks_secrets_and_matrix_and_nothing_else() throws IOException {
    var settings = read(Files.writeString(folder.resolve("empty.yaml"), ""), true);

    assertThat(settings.errors())
        .extracting(fault -> fault.path() + " " + fault.problem())
        .containsExactly("secrets is missing", "matrix is missing");
  }

  @Test
  void what_is_left_out_has_its_default() throws IOException {
    var settings = read(write(""), true).orThrow();

    assertThat(settings.warnings()).extracting(Fault::path).containsExactly("secrets.keys");
    assertThat(settings.notSupportedYet()).isEmpty();
    assertThat(settings.matrix().endpoint()).hasToString("http://localhost:8008/");
    assertThat(settings.matrix().homeserver()).isEqualTo("localhost:8008");
    assertThat(settings.passwords().enabled()).isTrue();
    assertThat(settings.passwords().minimumComplexity()).isEqualTo(3);
    assertThat(settings.tokens().accessTokenTtl()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.tokens().leeway()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.tokens().settling()).isEqualTo(Duration.ofMinutes(3));
    assertThat(settings.tokens().staleIfError()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.tokens().endOnSuspicion()).isFalse();
  }

  @Test
  void sections_of_later_releases_are_accepted_and_named() throws IOException {
    var settings =
        read(
            write(
                """
                email: {transport: blackhole}
                rate_limiting: {}
                experimental: {access_token_ttl: 60, compat_token_ttl: 60}
                account: {password_registration_enabled: false}
                """),
            true);

    assertThat(settings.errors()).isEmpty();
    assertThat(settings.notSupportedYet())
        .containsExactly("email", "rate_limiting", "account", "experimental.compat_token_ttl");
  }

  @Test
  void a_disabled_section_of_passwords_is_not_looked_at_further() throws IOException {
    var settings = read(write("passwords: {enabled: false, schemes: []}\n"), true).orThrow();

    assertThat(settings.passwords().enabled()).isFalse();
  }

  @Test
  void a_lifetime_outside_the_schema_is_accepted_as_it_always_was() throws IOException {
    var settings = read(write("experimental: {access_token_ttl: 30}\n"), true).orThrow();

    assertThat(settings.tokens().accessTokenTtl()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void an_encryption_file_with_a_newline_fails_at_start_but_not_when_checked() throws IOException {
    var secret = Files.writeString(folder.resolve("encryption"), HEX + "\n");
    var file = write("secrets:\n  encryption_file: '" + secret + "'\n");

    assertThat(read(file, false).errors()).isEmpty();
    assertThat(read(file, true).errors())
        .singleElement()
        .asString()
        .startsWith(file + ":2: secrets.encryption_file: ");
  }

  @Test
  void a_pepper_file_keeps_its_newline_and_a_homeserver_secret_does_not() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "x\n");
    var file =
        write(
            """
            matrix: {secret_file: '%1$s'}
            passwords: {schemes: [{version: 1, algorithm: bcrypt, secret_file: '%1$s'}]}
            """
                .formatted(secret));

    var settings = read(file, true).orThrow();

    assertThat(settings.matrix().secret().reveal()).isEqualTo("x");
    assertThat(settings.passwords().schemes().getFirst().pepper()).containsExactly('x', '\n');
  }

  @Test
  void nothing_secret_is_printed() throws IOException {
    var file =
        write(
            "matrix: {secret: geheim}\nclients: [{client_id: "
                + ULID
                + ", client_auth_method: client_secret_post, client_secret: geheim}]\n"
                + "latchkey: {token_keys: [{id: 1, secret: "
                + HEX
                + "}]}\n");

    assertThat(read(file, true).orThrow().toString()).doesNotContain("geheim", HEX);
  }

  private static String secrets(String line) {
    return "secrets:\n  encryption: '" + HEX + "'\n  " + line + "\n";
  }

  /// The text first, so that its lines count from 1; then what else a configuration needs.
  private Path write(String text) throws IOException {
    var whole = new StringBuilder(text);
    NEEDED.forEach(
        (section, content) -> {
          if (!text.contains(section + ":")) {
            whole.append(content);
          }
        });
    return Files.writeString(folder.resolve("config.yaml"), whole);
  }

  private static Settings read(Path file, boolean openFiles) {
    return Settings.read(Configuration.load(List.of(file), Map.of()), Map.of(), openFiles);
  }
}
