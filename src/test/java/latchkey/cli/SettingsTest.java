package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.limit.RateLimit;
import latchkey.domain.session.SessionsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final String HEX = SmallConfiguration.HEX;
  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void an_empty_file_lacks_secrets_and_matrix_and_nothing_else() throws IOException {
    var settings = read(Files.writeString(folder.resolve("empty.yaml"), ""), true);

    assertThat(settings.errors())
        .extracting(fault -> fault.path() + " " + fault.problem())
        .containsExactly("secrets is missing", "matrix is missing");
  }

  @Test
  void what_is_left_out_has_its_default() throws IOException {
    var report = read(write(""), true);
    var settings = report.orThrow();

    assertThat(report.warnings()).extracting(Fault::path).containsExactly("secrets.keys");
    assertThat(report.withoutEffect()).isEmpty();
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
  void sections_of_later_releases_are_accepted_and_what_they_say_is_named() throws IOException {
    var file =
        write(
            """
            rate_limiting:
              registration: {burst: 3, per_second: 0.5}
            experimental: {access_token_ttl: 60, plan_management_iframe_uri: "https://a.example/"}
            account: {password_change_allowed: false}
            templates: {assets_manifest: /mine}
            """);

    var report = read(file, true);

    assertThat(report.errors()).isEmpty();
    assertThat(report.withoutEffect())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            file + ":2: rate_limiting.registration: has no effect in this release",
            file + ":3: experimental.plan_management_iframe_uri: has no effect in this release",
            file + ":4: account.password_change_allowed: has no effect in this release",
            file + ":5: templates.assets_manifest: has no effect in this release");
  }

  @Test
  void saying_what_is_the_default_anyway_is_not_worth_a_word() throws IOException {
    var file =
        write(
            """
            email: {transport: blackhole, from: '"Authentication Service" <root@localhost>'}
            account: {password_change_allowed: true, password_registration_token_required: false}
            templates: {path: /usr/local/share/mas-cli/templates/}
            telemetry: {tracing: {exporter: none}, metrics: {exporter: prometheus}}
            captcha: {service: null}
            policy: {wasm_module: /usr/local/share/mas-cli/policy.wasm, email_entrypoint: email/violation}
            upstream_oauth2: {providers: []}
            experimental: {compat_token_ttl: 300}
            """);

    var report = read(file, true);

    assertThat(report.errors()).isEmpty();
    assertThat(report.withoutEffect()).isEmpty();
  }

  @Test
  void a_limit_of_what_is_not_there_yet_is_named_even_where_it_says_the_default()
      throws IOException {
    var file =
        write("rate_limiting: {registration: {burst: 3, per_second: 0.0008333333333333334}}\n");

    assertThat(read(file, true).withoutEffect())
        .extracting(Object::toString)
        .containsExactly(file + ":1: rate_limiting.registration: has no effect in this release");
  }

  @Test
  void limits_that_are_kept_are_not_named() throws IOException {
    var file =
        write(
            """
            rate_limiting: {login: {per_ip: {burst: 7, per_second: 2}}}
            latchkey: {rate_limiting: {login: {known_browser: {burst: 8, per_second: 0.5}}}}
            """);

    var report = read(file, true);

    assertThat(report.withoutEffect()).isEmpty();
    var login = report.orThrow().rateLimiting().login();
    assertThat(login.perIp()).isEqualTo(new RateLimit("rate_limiting.login.per_ip", 7, 2));
    assertThat(login.perAccount())
        .isEqualTo(new RateLimit("rate_limiting.login.per_account", 1800, 0.5));
    assertThat(login.knownBrowser())
        .isEqualTo(new RateLimit("latchkey.rate_limiting.login.known_browser", 8, 0.5));
  }

  @Test
  void what_is_deprecated_is_a_warning_that_says_what_to_use() throws IOException {
    var file =
        write(
            """
            account:
              registration_token_required: false
            upstream_oauth2:
              providers:
                - {id: %s, client_id: c, issuer: 'https://i.example', token_endpoint_auth_method: none, forward_login_hint: true}
            """
                .formatted(ULID));

    var report = read(file, true);

    assertThat(report.errors()).isEmpty();
    assertThat(report.warnings())
        .extracting(Object::toString)
        .anyMatch(
            text ->
                text.startsWith(
                    file + ":2: account.registration_token_required: is deprecated; set "))
        .anyMatch(
            text ->
                text.startsWith(
                    file
                        + ":5: upstream_oauth2.providers[0].forward_login_hint: is deprecated; add "));
  }

  @Test
  void a_client_that_signs_assertions_keeps_its_keys() throws IOException {
    var file =
        write(
            """
            clients:
              - client_id: %s
                client_auth_method: private_key_jwt
                jwks: {keys: [{kty: EC, crv: P-256, x: MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4, y: 4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM}]}
            """
                .formatted(ULID));

    var report = read(file, true);

    assertThat(report.errors()).isEmpty();
    assertThat(report.withoutEffect()).isEmpty();
    assertThat(report.settings().clients().clients().getFirst().jwks().orElseThrow())
        .contains("\"crv\":\"P-256\"");
  }

  @Test
  void a_disabled_section_of_passwords_is_not_looked_at_further() throws IOException {
    var settings = read(write("passwords: {enabled: false, schemes: []}\n"), true).orThrow();

    assertThat(settings.passwords().enabled()).isFalse();
  }

  @Test
  void sessions_live_on_unless_somebody_says_otherwise() throws IOException {
    var off = read(write(""), true).orThrow().sessions();
    var on =
        read(
                write(
                    """
                    experimental: {inactive_session_expiration: {ttl: 3600, expire_user_sessions: false}}
                    latchkey:
                      session_expiry:
                        browser: {absolute: 86400}
                        static_clients: {idle: 7200}
                    """),
                true)
            .orThrow()
            .sessions();

    var never = new SessionsConfig.Lifetime(Optional.empty(), Optional.empty());
    assertThat(List.of(off.browser(), off.dynamicClients(), off.staticClients()))
        .containsOnly(never);
    assertThat(on.browser().idle()).isEmpty();
    assertThat(on.browser().absolute()).contains(Duration.ofDays(1));
    assertThat(on.dynamicClients().idle()).contains(Duration.ofHours(1));
    assertThat(on.staticClients().idle()).contains(Duration.ofHours(2));
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

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), SmallConfiguration.with(text));
  }

  private static Settings.Report read(Path file, boolean openFiles) {
    return Settings.read(Configuration.load(List.of(file), Map.of()), openFiles);
  }
}
