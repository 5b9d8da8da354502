package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import latchkey.base.config.Configuration;
import latchkey.world.House;
import latchkey.world.SynapseStandIn;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `manage issue-compatibility-token` beside a running server that takes the tokens.
@QuarkusTest
@WithTestResource(House.class)
class IssueCompatibilityTokenTest {
  private static final Pattern TOKEN = Pattern.compile("on device (\\S+): (mct_\\S+)");

  @Inject World world;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final SynapseStandIn homeserver = new SynapseStandIn();
  private Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
    world.runJobs();
  }

  @AfterEach
  void the_homeserver_stops() {
    homeserver.close();
  }

  @Test
  void a_token_without_expiry_for_a_new_device_that_the_homeserver_knows() throws IOException {
    var run = issue(alice.username());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    var found = TOKEN.matcher(run.err());
    assertThat(found.find()).isTrue();
    assertThat(homeserver.devices(alice.username())).containsExactly(found.group(1));
    var answer = world.introspect(found.group(2));
    assertThat(answer.<Boolean>path("active")).isTrue();
    assertThat(answer.<String>path("device_id")).isEqualTo(found.group(1));
    assertThat(answer.<String>path("username")).isEqualTo(alice.username());
    assertThat(answer.<Object>path("exp")).isNull();
    assertThat(answer.<String>path("scope")).doesNotContain("synapse:admin");
    assertThat(
            World.count(
                "select count(*) from latchkey.audit_events where kind = 'session_opened' and user_id = '%s' and details ->> 'device_id' = '%s'"
                    .formatted(alice.id(), found.group(1))))
        .isEqualTo(1);
  }

  @Test
  void the_admin_api_of_synapse_only_with_the_long_option_and_a_device_moves_over()
      throws IOException {
    var first = token(issue(alice.username(), "PHONE"));
    assertThat(world.isActive(first)).isTrue();

    var second =
        token(issue(alice.username(), "PHONE", "--yes-i-want-to-grant-synapse-admin-privileges"));

    assertThat(world.introspect(second).<String>path("scope")).contains("urn:synapse:admin:*");
    World.within(java.time.Duration.ofSeconds(5), () -> !world.isActive(first));
  }

  @Test
  void without_the_homeserver_there_is_no_token_and_a_job_looks_after_the_device()
      throws IOException {
    homeserver.fail(500);

    var run = issue(alice.username(), "PHONE");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("the device could not be made").doesNotContain("mct_");
    assertThat(
            World.count(
                "select count(*) from latchkey.oauth_sessions where finished_at is null and user_id = '%s'"
                    .formatted(alice.id())))
        .isZero();
  }

  @Test
  void whoever_is_locked_or_nobody_gets_none() throws IOException {
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");

    assertThat(issue(alice.username()).exit()).isEqualTo(1);
    assertThat(issue("nobody").err()).contains("there is no active user nobody");
    assertThat(issue(alice.username(), "a\nb").exit()).isEqualTo(2);
  }

  private static String token(CommandLineRun run) {
    var found = TOKEN.matcher(run.err());
    assertThat(found.find()).as(run.err()).isTrue();
    return found.group(2);
  }

  private CommandLineRun issue(String... words) throws IOException {
    var endpoint =
        Files.writeString(
            folder.resolve("endpoint.yaml"), "matrix: {endpoint: '" + homeserver.url() + "'}\n");
    var line = new ArrayList<>(List.of("manage", "issue-compatibility-token"));
    for (var file : System.getProperty(Configuration.FILES).split(":", -1)) {
      line.addAll(List.of("-c", file));
    }
    line.addAll(List.of("-c", endpoint.toString()));
    line.addAll(List.of(words));
    return CommandLineRun.of(line.toArray(String[]::new));
  }
}
