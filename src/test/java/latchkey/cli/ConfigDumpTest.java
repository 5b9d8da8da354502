package latchkey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDumpTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void what_is_dumped_loads_again_and_means_the_same() throws IOException {
    var generated = folder.resolve("generated.yaml");
    CommandLineRun.of("config", "generate", "-o", generated.toString());
    var more =
        Files.writeString(
            folder.resolve("more.yaml"),
            """
            matrix: {homeserver: a.example}
            email: {transport: smtp, mode: tls, hostname: m.example, username: u, password: geheim}
            passwords: {schemes: [{version: 2, algorithm: bcrypt, secret: pfeffer}]}
            rate_limiting: {registration: {burst: 9, per_second: 0.5}}
            experimental: {access_token_ttl: 60}
            latchkey: {token_keys: [{id: 1, secret: %s}]}
            """
                .formatted("x".repeat(32)));

    var run =
        CommandLineRun.of("config", "dump", "-c", generated.toString(), "-c", more.toString());
    var again = Files.writeString(folder.resolve("again.yaml"), run.out());

    var first = settings(generated, more);
    var second = settings(again);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(second.saysTheSameAs(first)).isTrue();
    assertThat(second.secrets().encryption()).isEqualTo(first.secrets().encryption());
    assertThat(second.secrets().signingKeys().jwks())
        .asString(UTF_8)
        .contains("\"kid\"")
        .isEqualTo(new String(first.secrets().signingKeys().jwks(), UTF_8));
    assertThat(run.out()).contains("password: geheim", "homeserver: a.example");
  }

  @Test
  void a_section_that_says_nothing_but_the_default_is_left_out() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("config.yaml"),
            SmallConfiguration.with(
                """
                email: {transport: blackhole}
                passwords: {schemes: [{version: 1, algorithm: argon2id}]}
                account: {password_change_allowed: true}
                oauth: {device_code_grant_enabled: false}
                telemetry: {}
                """));

    var dumped = CommandLineRun.of("config", "dump", "-c", file.toString());

    var again = Files.writeString(folder.resolve("again.yaml"), dumped.out());
    assertThat(Configuration.load(List.of(again), Map.of()).plain().keySet())
        .map(Object::toString)
        .containsExactlyInAnyOrder("secrets", "matrix", "oauth");
  }

  @Test
  void a_bad_configuration_is_told_and_not_dumped() throws IOException {
    var file = Files.writeString(folder.resolve("bad.yaml"), "matrix: {secret: geheim}\n");

    var run = CommandLineRun.of("config", "dump", "-c", file.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("secrets: is missing").doesNotContain("geheim");
  }

  private static Settings settings(Path... files) {
    return Settings.read(Configuration.load(List.of(files), Map.of()), true).orThrow();
  }
}
