package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatchkeyTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void without_arguments_there_is_help() {
    assertThat(run()).isZero();

    assertThat(out.toString())
        .contains("Usage: latchkey", "server", "config", "database", "manage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server",
        "worker",
        "demo",
        "config",
        "config generate",
        "config check",
        "config dump",
        "config sync",
        "database",
        "database migrate",
        "manage",
        "manage register-user",
        "manage set-password",
        "manage lock-user",
        "manage unlock-user",
        "manage kill-sessions"
      })
  void every_verb_has_help(String verb) {
    assertThat(run((verb + " --help").split(" "))).isZero();

    assertThat(out.toString()).contains("Usage: latchkey " + verb);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "server --nonsense",
        "config",
        "database",
        "manage",
        "manage set-password alice",
        "manage register-user --yes",
        "manage register-user -a -A alice"
      })
  void wrong_usage_is_exit_code_2(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(err.toString()).isNotBlank();
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manage set-password alice secret", "manage register-user --yes alice"})
  void a_verb_that_lacks_its_configuration_ends_with_1_and_says_so(String line) {
    assertThat(run(("-c " + folder.resolve("nowhere.yaml") + " " + line).split(" "))).isEqualTo(1);

    assertThat(err.toString()).contains("error: ").doesNotContain("Exception");
  }

  @Test
  void the_version_is_that_of_the_build() throws IOException {
    assertThat(run("-V")).isZero();

    assertThat(out.toString()).contains(Latchkey.VERSION);
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<artifactId>latchkey</artifactId>\n  <version>" + Latchkey.VERSION + "<");
  }

  @Test
  void a_generated_configuration_loads_without_a_word() {
    var file = generate();

    var report = Settings.read(Configuration.load(List.of(file), Map.of()), true);
    var settings = report.orThrow();

    assertThat(report.warnings()).isEmpty();
    assertThat(report.withoutEffect()).isEmpty();
    assertThat(settings.matrix().secret().reveal()).hasSize(32);
    assertThat(settings.secrets().signingKeys().algorithms())
        .contains("RS256", "ES256", "ES384", "ES256K");
  }

  @Test
  void a_generated_configuration_fits_the_published_schema() throws IOException {
    var plain = Configuration.load(List.of(generate()), Map.of()).plain();
    try (var contract = LatchkeyTest.class.getResourceAsStream("/config-contract.json")) {
      var schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(contract);

      assertThat(schema.validate(new ObjectMapper().valueToTree(plain))).isEmpty();
    }
  }

  @Test
  void two_generated_configurations_share_no_secret() {
    var one = new NewConfiguration(new latchkey.base.system.Randomness()).text();
    var two = new NewConfiguration(new latchkey.base.system.Randomness()).text();

    assertThat(line(one, "encryption:")).isNotEqualTo(line(two, "encryption:"));
    assertThat(line(one, "  secret:")).isNotEqualTo(line(two, "  secret:"));
  }

  @Test
  void a_generated_file_is_for_its_owner_only() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(generate())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_good_configuration_is_exit_code_0() {
    assertThat(run("config", "check", "--config", generate().toString())).isZero();
  }

  @Test
  void a_check_tells_every_fault_at_once() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("bad.yaml"), "matrix: {secret: 5}\nhttp:\n  issuer: x\nhtp: {}\n");

    assertThat(run("config", "check", "-c", file.toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .contains(
            "warning: " + file + ":4: htp: this key is unknown and ignored; did you mean http?",
            "error: " + file + ":1: matrix.secret: a text is expected",
            "error: " + file + ":3: http.issuer: an http or https URL is expected")
        .anyMatch(line -> line.contains("http.public_base: is missing"))
        .anyMatch(line -> line.endsWith("secrets: is missing"));
  }

  @Test
  void a_server_with_a_bad_configuration_ends_with_1_and_plain_sentences() throws IOException {
    var file = Files.writeString(folder.resolve("bad.yaml"), "matrix: {secret: 5}\n");

    assertThat(run("server", "-c", file.toString())).isEqualTo(1);

    assertThat(err.toString())
        .contains("error: " + file + ":1: matrix.secret: a text is expected")
        .doesNotContain("Exception");
  }

  @Test
  void migrating_a_database_that_is_away_ends_with_1_and_tells_no_url() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("away.yaml"),
            "database: {uri: 'postgresql://u:geheim@127.0.0.1:1/x?sslpassword=geheim'}\n");

    assertThat(run("database", "migrate", "-c", file.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("the database: ").doesNotContain("geheim", "Exception");
  }

  @Test
  void the_name_of_a_new_account_may_be_a_whole_matrix_id() {
    var line = Latchkey.commandLine(Map.of());
    line.parseArgs(
        ("manage register-user -y -A -e a@x -e b@x -p geheim @alice:example.com").split(" "));
    var manage = Objects.requireNonNull(line.getSubcommands().get("manage"));
    var verb = Objects.requireNonNull(manage.getSubcommands().get("register-user"));
    RegisterUserCommand command = verb.getCommand();

    var request = command.request();

    assertThat(request.localpart()).isEqualTo("alice");
    assertThat(request.emails()).containsExactly("a@x", "b@x");
    assertThat(request.admin()).isFalse();
    assertThat(request.toString()).doesNotContain("geheim");
  }

  private Path generate() {
    var file = folder.resolve("config.yaml");
    assertThat(run("config", "generate", "-o", file.toString())).isZero();
    return file;
  }

  private int run(String... arguments) {
    return Latchkey.commandLine(Map.of())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.contains(start)).findFirst().orElseThrow();
  }
}
