package latchkey.cli;

import static latchkey.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.user.UserAccountRepository;
import latchkey.domain.user.UserAccountRepository.NewUser;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `latchkey jobs` and the verbs of `manage` that make jobs.
class JobsCommandTest {
  private static DataSource database;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final MovableClock clock = new MovableClock();
  private final Ids ids = new Ids(new Randomness());
  private UUID alice;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void three_jobs_of_two_people_wait_and_one_has_failed() throws SQLException {
    TestDatabase.execute(database, "truncate latchkey.users cascade");
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
    var accounts = new UserAccountRepository(database, clock, ids);
    alice = accounts.register(new NewUser("alice", null, List.of(), false, null));
    accounts.register(new NewUser("bob", null, List.of(), false, null));
    new Jobs(database, clock, ids).schedule("delete-device", alice, "PHONE");
    TestDatabase.execute(
        database,
        """
        update latchkey.scheduled_tasks set consecutive_failures = 3, execution_time = now() + interval '10 minutes',
               last_error = 'homeserver at http://h/, delete_device: status 500' where task_name = 'delete-device';
        insert into latchkey.scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        values ('clean-up-leases', 'recurring', now(), false, 1)
        """);
  }

  @Test
  void a_table_says_what_waits_for_whom_and_why_and_leaves_housekeeping_out() throws IOException {
    var run = run("jobs", "list");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("ID", "QUEUE", "LAST ERROR")
        .containsPattern("delete-device +failing +alice PHONE .* 3 .*delete_device: status 500")
        .containsPattern("provision-user +waiting +bob ")
        .doesNotContain("clean-up-leases", alice.toString());
    assertThat(run.out().lines()).hasSize(4);
  }

  @Test
  void json_says_the_same_and_options_choose() throws IOException {
    var run = run("jobs", "list", "--json", "--user", "alice", "--state", "failing");

    var job = new JsonArray(run.out()).getJsonObject(0);
    assertThat(new JsonArray(run.out())).hasSize(1);
    assertThat(job.getString("queue")).isEqualTo("delete-device");
    assertThat(job.getString("user")).isEqualTo("alice");
    assertThat(job.getJsonArray("subjects")).containsExactly(alice.toString(), "PHONE");
    assertThat(job.getInteger("failures")).isEqualTo(3);
    assertThat(job.getString("last_error")).contains("status 500");

    assertThat(list("--queue", "provision-user")).hasSize(2);
    assertThat(list("--queue", "provision-user", "--user", "bob")).hasSize(1);
    assertThat(list("--state", "running")).isEmpty();
    assertThat(list("--limit", "1")).hasSize(1);
  }

  @Test
  void of_more_than_are_shown_the_table_says_how_many() throws IOException {
    assertThat(run("jobs", "list", "--limit", "2").out()).contains("and 1 more");
  }

  @Test
  void a_job_is_tried_again_now_when_it_is_named_or_chosen() throws IOException {
    var id = list("--state", "failing").getFirst().getString("id");
    assertThat(number(database, due())).isEqualTo(2);

    assertThat(run("jobs", "retry", id).err()).contains("1 jobs are tried again");

    assertThat(number(database, due())).isEqualTo(3);
    assertThat(run("jobs", "retry", "--user", "bob").err()).contains("1 jobs");
    assertThat(run("jobs", "retry", "--all").err()).contains("3 jobs");
  }

  @Test
  void dropping_says_what_is_lost_and_wants_a_yes() throws IOException {
    var unsure = run("jobs", "drop", "--queue", "delete-device");
    assertThat(unsure.exit()).isEqualTo(1);
    assertThat(unsure.err())
        .contains("1 × delete-device: the homeserver goes on showing a device")
        .contains("use --yes");
    assertThat(list()).hasSize(3);

    var sure = run("jobs", "drop", "--queue", "delete-device", "--yes");

    assertThat(sure.exit()).isZero();
    assertThat(sure.err()).contains("1 jobs were dropped");
    assertThat(list()).hasSize(2);
    assertThat(run("jobs", "drop", "--queue", "delete-device").err()).contains("There are none");
  }

  @Test
  void what_runs_is_left() throws IOException {
    TestDatabase.execute(
        database,
        "update latchkey.scheduled_tasks set picked = true where task_name = 'delete-device'");

    var run = run("jobs", "drop", "--all", "-y");

    assertThat(run.err()).contains("2 jobs were dropped").contains("1 are running");
    assertThat(run("jobs", "retry", "--all").err()).contains("0 jobs");
    assertThat(list("--state", "running")).hasSize(1);
  }

  @Test
  void nothing_is_meant_by_chance() throws IOException {
    assertThat(run("jobs").exit()).isEqualTo(2);
    assertThat(run("jobs", "drop", "--yes").exit()).isEqualTo(2);
    assertThat(run("jobs", "retry").exit()).isEqualTo(2);
    assertThat(run("jobs", "drop", "--all", "--user", "bob", "--yes").exit()).isEqualTo(2);
    assertThat(run("jobs", "drop", "nonsense", "--yes").exit()).isEqualTo(2);
    assertThat(run("jobs", "list", "--state", "odd").exit()).isEqualTo(2);
    assertThat(run("jobs", "list", "--user", "nobody").exit()).isEqualTo(1);
    assertThat(list()).hasSize(3);
  }

  @Test
  void verbs_of_manage_make_the_jobs() throws IOException {
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");

    assertThat(run("manage", "lock-user", "alice", "--deactivate").exit()).isZero();
    assertThat(queued("deactivate-user")).isEqualTo(1);
    assertThat(queued("provision-user")).isEqualTo(1);
    assertThat(run("manage", "unlock-user", "alice").err()).contains("is deactivated still");
    assertThat(run("manage", "unlock-user", "alice", "--reactivate").exit()).isZero();
    assertThat(queued("reactivate-user")).isEqualTo(1);
    assertThat(run("manage", "provision-all-users").err()).contains("2 accounts");
    assertThat(queued("sync-devices")).as("and that of the deactivation").isEqualTo(3);
    assertThat(run("manage", "lock-user", "nobody").exit()).isEqualTo(1);
  }

  private static long queued(String kind) {
    return number(
        database, "select count(*) from latchkey.scheduled_tasks where task_name = '" + kind + "'");
  }

  private static String due() {
    return "select count(*) from latchkey.scheduled_tasks where task_instance <> 'recurring' and"
        + " execution_time <= now()";
  }

  private List<JsonObject> list(String... options) throws IOException {
    var words = new ArrayList<>(List.of("jobs", "list", "--json"));
    words.addAll(List.of(options));
    var array = new JsonArray(run(words.toArray(String[]::new)).out());
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private CommandLineRun run(String... words) throws IOException {
    var file =
        Files.writeString(folder.resolve("config.yaml"), CommandLineDatabase.yaml(database, 1));
    var line = new ArrayList<>(List.of("-c", file.toString()));
    line.addAll(List.of(words));
    return CommandLineRun.of(line.toArray(String[]::new));
  }
}
