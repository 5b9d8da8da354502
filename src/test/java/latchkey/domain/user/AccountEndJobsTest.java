package latchkey.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.job.JobRunner;
import latchkey.base.job.Jobs;
import latchkey.base.job.NotNow;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import latchkey.domain.lifecycle.AccountStateRepository;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Deactivation, its undoing, and what else is told once.
@QuarkusTest
@WithTestResource(House.class)
class AccountEndJobsTest {
  private static final String NAMES =
      "select count(*) from latchkey.scheduled_tasks where task_name = 'set-display-name'";

  @Inject World world;
  @Inject JobRunner runner;
  @Inject Jobs jobs;
  @Inject Ids ids;
  @Inject DeactivateUserJob deactivate;
  @Inject ReactivateUserJob reactivate;
  @Inject AllowCrossSigningResetJob allowReset;
  @Inject SetDisplayNameJob displayName;
  @Inject ProvisionUserJob provision;

  private Person alice;
  private AccountStateRepository states;

  @BeforeEach
  void alice_is_known_and_jobs_run_when_the_test_says() {
    alice = world.alice();
    world.runJobs();
    states = new AccountStateRepository(House.database(), world.clock(), ids);
    runner.stop();
  }

  @AfterEach
  void jobs_run_by_themselves_again() throws SQLException {
    World.sql(
        "delete from latchkey.scheduled_tasks where task_instance <> 'recurring'"
            + " and convert_from(task_data, 'UTF8') like '"
            + alice.id()
            + "%'");
    runner.start();
  }

  @Test
  void a_deactivated_account_is_signed_out_at_once_and_deactivated_there_by_the_job()
      throws Exception {
    var client = world.aPublicClient();
    var tokens = world.logIn(alice, client, World.device());
    states.deactivate(alice.id(), true);
    World.within(Duration.ofSeconds(5), () -> !world.isActive(tokens.access()));
    assertThat(world.homeserver().isDeactivated(alice.username())).isFalse();

    deactivate.run(job(), List.of(alice.id().toString(), "true"));

    assertThat(world.homeserver().isDeactivated(alice.username())).isTrue();
    assertThat(world.homeserver().isErased(alice.username())).isTrue();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  @Test
  void a_deactivation_undone_before_the_homeserver_heard_of_it_leaves_no_devices_there()
      throws Exception {
    var device = World.device();
    world.logIn(alice, world.aPublicClient(), device);
    assertThat(world.homeserver().devices(alice.username())).contains(device);
    states.deactivate(alice.id(), false);
    world.clock().advance(Duration.ofSeconds(1));
    states.reactivate(alice.id());

    reactivate.run(job(), List.of(alice.id().toString()));
    runner.start();

    World.within(
        Duration.ofSeconds(20), () -> world.homeserver().devices(alice.username()).isEmpty());
    assertThat(isDeactivated()).isFalse();
    assertThat(world.homeserver().isDeactivated(alice.username())).isFalse();
  }

  @Test
  void what_was_reactivated_meanwhile_is_not_deactivated() throws Exception {
    deactivate.run(job(), List.of(alice.id().toString(), "false"));

    assertThat(world.homeserver().isDeactivated(alice.username())).isFalse();
  }

  @Test
  void a_reactivation_holds_here_only_once_the_homeserver_has_followed() throws Exception {
    states.deactivate(alice.id(), false);
    deactivate.run(job(), List.of(alice.id().toString(), "false"));
    states.reactivate(alice.id());
    failNextCall(Kind.UNREACHABLE);
    var job = job();
    assertThatThrownBy(() -> reactivate.run(job, List.of(alice.id().toString())))
        .isInstanceOf(HomeserverProblem.class);
    assertThat(isDeactivated()).isTrue();

    reactivate.run(job, List.of(alice.id().toString()));

    assertThat(world.homeserver().isDeactivated(alice.username())).isFalse();
    assertThat(isDeactivated()).isFalse();
  }

  @Test
  void the_homeserver_that_does_not_know_who_is_to_be_reactivated_learns_of_a_new_account()
      throws Exception {
    states.deactivate(alice.id(), false);
    failNextCall(Kind.NOT_FOUND);

    reactivate.run(job(), List.of(alice.id().toString()));

    assertThat(isDeactivated()).isFalse();
  }

  @Test
  void of_a_deactivated_account_the_homeserver_is_told_nothing_until_it_is_back() throws Exception {
    var told = List.of(alice.id().toString());
    states.deactivate(alice.id(), false);
    deactivate.run(job(), List.of(alice.id().toString(), "false"));
    int before = world.homeserver().calls();
    provision.run(job(), told);
    assertThat(world.homeserver().calls()).isEqualTo(before);

    world.clock().advance(Duration.ofSeconds(1));
    long waiting = waiting(UserJobs.PROVISION_USER);
    reactivate.run(job(), told);
    assertThat(waiting(UserJobs.PROVISION_USER)).isEqualTo(waiting + 1);
    before = world.homeserver().calls();
    provision.run(job(), told);

    assertThat(world.homeserver().calls()).isEqualTo(before + 1);
  }

  @Test
  void a_deactivation_after_a_reactivation_was_asked_for_has_the_last_word_in_any_order()
      throws Exception {
    states.deactivate(alice.id(), false);
    var undo = job();
    world.clock().advance(Duration.ofSeconds(1));
    states.deactivate(alice.id(), false);

    deactivate.run(job(), List.of(alice.id().toString(), "false"));
    reactivate.run(undo, List.of(alice.id().toString()));

    assertThat(isDeactivated()).isTrue();
    assertThat(world.homeserver().isDeactivated(alice.username())).isTrue();
  }

  @Test
  void leave_to_reset_cross_signing_is_given_within_ten_minutes_or_not_at_all() throws Exception {
    allowReset.run(job(), List.of(alice.id().toString()));
    assertThat(world.homeserver().crossSigningResets(alice.username())).isEqualTo(1);

    var old = job();
    world.clock().advance(Duration.ofMinutes(11));
    allowReset.run(old, List.of(alice.id().toString()));

    assertThat(world.homeserver().crossSigningResets(alice.username())).isEqualTo(1);
  }

  @Test
  void of_two_display_names_the_later_one_counts_whichever_runs_last() throws Exception {
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "First");
    var first = onlyJob("");
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "Second");

    displayName.run(first, List.of(alice.id().toString(), "First"));

    assertThat(world.homeserver().displayName(alice.username())).isEmpty();
    World.sql("delete from latchkey.scheduled_tasks where task_name = 'set-display-name'");
    displayName.run(first, List.of(alice.id().toString(), "First"));
    assertThat(world.homeserver().displayName(alice.username())).contains("First");
  }

  @Test
  void a_display_name_that_waits_for_its_next_try_is_outdone_by_a_later_one() throws SQLException {
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "First");
    World.sql(
        "update latchkey.scheduled_tasks set consecutive_failures = 3, execution_time ="
            + " execution_time + interval '5 minutes' where task_name = 'set-display-name'");
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "Second");

    runner.start();
    world.runJobs();

    assertThat(world.homeserver().displayName(alice.username())).contains("Second");
    assertThat(World.count(NAMES)).isZero();
  }

  @Test
  void a_display_name_waits_until_its_account_is_provisioned() throws Exception {
    jobs.schedule(UserJobs.PROVISION_USER, alice.id());
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "First");
    var name = onlyJob("");

    assertThatThrownBy(() -> displayName.run(name, List.of(alice.id().toString(), "First")))
        .isInstanceOf(NotNow.class);
    assertThat(world.homeserver().displayName(alice.username())).isEmpty();

    World.sql("delete from latchkey.scheduled_tasks where task_name = 'provision-user'");
    displayName.run(name, List.of(alice.id().toString(), "First"));
    assertThat(world.homeserver().displayName(alice.username())).contains("First");
  }

  @Test
  void a_later_display_name_waits_for_an_earlier_one_that_runs() throws SQLException {
    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "First");
    World.sql(
        "update latchkey.scheduled_tasks set picked = true where task_name = 'set-display-name'");

    jobs.schedule(UserJobs.SET_DISPLAY_NAME, alice.id(), "Second");
    var second = onlyJob(" and not picked");

    assertThatThrownBy(() -> displayName.run(second, List.of(alice.id().toString(), "Second")))
        .isInstanceOf(NotNow.class);

    assertThat(World.count(NAMES)).isEqualTo(2);
    assertThat(world.homeserver().displayName(alice.username())).isEmpty();
  }

  private static UUID onlyJob(String which) throws SQLException {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select task_instance from latchkey.scheduled_tasks where task_name = 'set-display-name'"
                    + which)) {
      row.next();
      return Ids.parse(row.getString(1)).orElseThrow();
    }
  }

  private UUID job() {
    return ids.next(world.clock().instant());
  }

  private long waiting(String kind) {
    return World.count(
        "select count(*) from latchkey.scheduled_tasks where task_name = '%s' and convert_from(task_data, 'UTF8') like '%s%%'"
            .formatted(kind, alice.id()));
  }

  private boolean isDeactivated() {
    return World.count(
            "select count(*) from latchkey.users where deactivated_at is not null and id = '%s'"
                .formatted(alice.id()))
        == 1;
  }

  private void failNextCall(Kind kind) {
    world
        .homeserver()
        .meanwhile(
            () -> {
              throw HomeserverProblem.of(kind, "not this one");
            });
  }
}
