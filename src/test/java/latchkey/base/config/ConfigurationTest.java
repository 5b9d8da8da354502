package latchkey.base.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void mappings_merge_sequences_add_up_and_later_scalars_win() throws IOException {
    var one =
        file("one.yaml", "http: {public_base: a, listeners: [{name: x}]}\nmatrix: {secret: s}\n");
    var two = file("two.yaml", "http: {public_base: b, listeners: [{name: y}]}\n");

    var merged = Configuration.load(List.of(one, two), Map.of()).plain();

    assertThat(merged)
        .hasToString("{http={public_base=b, listeners=[{name=x}, {name=y}]}, matrix={secret=s}}");
  }

  @Test
  void a_file_lies_on_top_of_the_environment() throws IOException {
    var file = file("one.yaml", "matrix: {secret: from the file}\n");
    var environment =
        Map.of("MAS_MATRIX_SECRET", "from a variable", "MAS_MATRIX_HOMESERVER", "example.com");

    var matrix = Configuration.load(List.of(file), environment).root(true).section("matrix");

    assertThat(matrix.string("secret")).contains("from the file");
    assertThat(matrix.string("homeserver")).contains("example.com");
  }

  @Test
  void variables_become_what_they_look_like_and_digits_can_still_be_a_text() {
    var environment =
        Map.of(
            "MAS_DATABASE_PORT", "5433",
            "MAS_DATABASE_PASSWORD", "12345",
            "MAS_PASSWORDS_ENABLED", "false",
            "MAS_POLICY_DATA", "{a=[x, 2]}");

    var root = Configuration.load(List.of(), environment).root(true);

    assertThat(root.section("database").integer("port", 1, 65535)).contains(5433L);
    assertThat(root.section("database").string("password")).contains("12345");
    assertThat(root.section("passwords").bool("enabled", true)).isFalse();
    assertThat(root.section("policy").tree("data")).hasToString("{a=[x, 2]}");
    assertThat(root.faults().errors()).isEmpty();
  }

  @Test
  void what_kubernetes_sets_for_a_service_called_mas_is_left_alone() {
    var environment =
        Map.of(
            "MAS_SERVICE_HOST", "10.0.0.1",
            "MAS_SERVICE_PORT", "80",
            "MAS_PORT", "tcp://10.0.0.1:80",
            "MAS_PORT_80_TCP_ADDR", "10.0.0.1",
            "MAS_HTTP_SERVICE_HOST", "10.0.0.1",
            "MAS_HTTP_PORT", "tcp://10.0.0.1:80",
            "MAS_DATABASE_PORT_5432_TCP_PORT", "5432",
            "MAS_CONFIG", "/elsewhere.yaml");

    assertThat(Configuration.load(List.of(), environment).plain()).isEmpty();
  }

  @Test
  void the_command_line_names_the_files_else_a_variable_else_config_yaml() {
    var environment = Map.of("MAS_CONFIG", "/a.yaml:/b.yaml");
    // Tests of the whole application, in this very JVM, name their file there.
    System.clearProperty(Configuration.FILES);

    assertThat(Configuration.files(List.of(Path.of("/c.yaml")), environment))
        .containsExactly(Path.of("/c.yaml"));
    assertThat(Configuration.files(List.of(), environment))
        .containsExactly(Path.of("/a.yaml"), Path.of("/b.yaml"));
    assertThat(Configuration.files(List.of(), Map.of("LATCHKEY_CONFIG", "/l.yaml")))
        .containsExactly(Path.of("/l.yaml"));
    var both = Map.of("LATCHKEY_CONFIG", "/l.yaml", "MAS_CONFIG", "/m.yaml");
    assertThat(Configuration.files(List.of(), both)).containsExactly(Path.of("/l.yaml"));
    assertThat(Configuration.files(List.of(), Map.of())).containsExactly(Path.of("config.yaml"));
  }

  @Test
  void a_missing_file_counts_as_empty() {
    var configuration = Configuration.load(List.of(folder.resolve("nowhere.yaml")), Map.of());

    var faults = configuration.root(true).faults();
    assertThat(configuration.plain()).isEmpty();
    assertThat(faults.errors()).isEmpty();
    assertThat(faults.warnings())
        .singleElement()
        .hasToString(
            folder.resolve("nowhere.yaml") + ": the file is not there and counts as empty");
  }

  @Test
  void three_layers_override_in_order_and_their_lists_add_up() throws IOException {
    var one =
        file(
            "one.yaml",
            """
            matrix: {homeserver: one, endpoint: 'http://one/'}
            http: {listeners: [{name: a}]}
            upstream_oauth2: {providers: [{id: a}]}
            secrets: {keys: [{kid: a}]}
            """);
    var two =
        file(
            "two.yaml",
            """
            matrix: {homeserver: two}
            http: {listeners: [{name: b}]}
            upstream_oauth2: {providers: [{id: b}]}
            secrets: {keys: [{kid: b}]}
            """);
    var environment =
        Map.of(
            "MAS_MATRIX_HOMESERVER", "zero",
            "MAS_MATRIX_ENDPOINT", "http://zero/",
            "MAS_MATRIX_SECRET", "zero");

    var merged = Configuration.load(List.of(one, two), environment).plain();

    assertThat(merged.get("matrix"))
        .hasToString("{endpoint=http://one/, homeserver=two, secret=zero}");
    assertThat(merged.get("http")).hasToString("{listeners=[{name=a}, {name=b}]}");
    assertThat(merged.get("upstream_oauth2")).hasToString("{providers=[{id=a}, {id=b}]}");
    assertThat(merged.get("secrets")).hasToString("{keys=[{kid=a}, {kid=b}]}");
  }

  @Test
  void a_variable_that_cannot_reach_its_key_is_told_why() {
    var root =
        Configuration.load(List.of(), Map.of("MAS_HTTP_PUBLIC_BASE", "https://p/")).root(true);
    assertThat(root.section("http").url("public_base")).isEmpty();

    root.warnOfUnknown();

    assertThat(root.faults().warnings())
        .singleElement()
        .hasToString(
            "variable MAS_HTTP_PUBLIC_BASE: http.public: this key is unknown and ignored;"
                + " no variable can set a key with an underscore");
  }

  @Test
  void a_whole_section_can_come_from_one_variable_but_not_a_bare_word() {
    var environment =
        Map.of("MAS_MATRIX", "{secret=s, kind=synapse}", "MAS_EMAIL", "me@example.com");

    assertThat(Configuration.load(List.of(), environment).plain())
        .hasToString("{matrix={secret=s, kind=synapse}}");
  }

  @Test
  void an_unknown_key_is_a_warning_with_the_nearest_known_one() throws IOException {
    var file = file("one.yaml", "matrix:\n  homserver: x\n  colour: y\n");

    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var matrix = root.section("matrix");
    assertThat(matrix.string("homeserver")).isEmpty();
    matrix.warnOfUnknown();

    assertThat(root.faults().warnings())
        .extracting(Object::toString)
        .containsExactly(
            file
                + ":2: matrix.homserver: this key is unknown and ignored; did you mean homeserver?",
            file + ":3: matrix.colour: this key is unknown and ignored");
  }

  @Test
  void a_secret_of_a_file_is_trimmed_or_not_and_only_read_when_serving() throws IOException {
    var secret = file("secret", "geheim\n");
    var file = file("one.yaml", "matrix: {secret_file: '" + secret + "'}\n");
    var configuration = Configuration.load(List.of(file), Map.of());

    var serving = configuration.root(true).section("matrix");
    var checking = configuration.root(false).section("matrix");

    assertThat(serving.requireSecret("secret", true).reveal()).isEqualTo("geheim");
    assertThat(serving.requireSecret("secret", false).reveal()).isEqualTo("geheim\n");
    assertThat(checking.requireSecret("secret", true).isEmpty()).isTrue();
    assertThat(checking.faults().errors()).isEmpty();
  }

  @Test
  void a_secret_file_that_is_not_there_is_a_fault_when_serving() throws IOException {
    var file = file("one.yaml", "matrix:\n  secret_file: /nowhere/secret\n");

    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var secret = root.section("matrix").requireSecret("secret", true);

    assertThat(secret.isEmpty()).isTrue();
    assertThat(root.faults().errors())
        .singleElement()
        .hasToString(
            file
                + ":2: matrix.secret_file: a file that can be read is expected: /nowhere/secret cannot be read");
  }

  @Test
  void what_is_written_reads_back_the_same() throws IOException {
    var text =
        "a: {b: [1, 'yes', '5', null, true, \"two\\nlines\\n\", 'trailing '], c: 'x: y # z'}\n";
    var first = Configuration.load(List.of(file("one.yaml", text)), Map.of()).plain();

    var again = Configuration.load(List.of(file("two.yaml", YamlWriter.write(first))), Map.of());

    assertThat(again.plain()).isEqualTo(first);
  }

  @Test
  void how_to_serve_travels_with_the_configuration() {
    var configuration = Configuration.load(List.of(), Map.of());

    assertThat(configuration.serving()).isEqualTo(ServeOptions.SERVER);
    assertThat(configuration.serving(ServeOptions.WORKER).serving().listen()).isFalse();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
