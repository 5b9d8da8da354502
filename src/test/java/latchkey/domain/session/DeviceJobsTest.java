package latchkey.domain.session;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import latchkey.base.job.JobRunner;
import latchkey.base.job.Jobs;
import latchkey.domain.user.UserLease;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class DeviceJobsTest {
  private static final UUID JOB = new UUID(0, 0);

  @Inject World world;
  @Inject Jobs jobs;
  @Inject JobRunner runner;
  @Inject UserLease leases;
  @Inject DeleteDeviceJob deleteDevice;
  @Inject SyncDevicesJob syncDevices;

  private Person alice;
  private String device;

  @BeforeEach
  void alice_is_signed_in_and_jobs_run_when_the_test_says() {
    alice = world.alice();
    device = World.device();
    world.logIn(alice, world.aPublicClient(), device);
    world.runJobs();
    runner.stop();
  }

  @AfterEach
  void jobs_run_by_themselves_again() throws SQLException {
    runner.start();
  }

  @Test
  void a_device_that_a_session_holds_stays() throws Exception {
    deleteDevice.run(JOB, List.of(alice.id().toString(), device));

    assertThat(devices()).containsExactly(device);
  }

  @Test
  void a_device_that_no_session_holds_goes() throws Exception {
    World.sql(finish());

    deleteDevice.run(JOB, List.of(alice.id().toString(), device));

    assertThat(devices()).isEmpty();
  }

  @Test
  void a_session_that_is_opening_holds_its_device_until_it_was_given_up() throws Exception {
    World.sql(
        "update latchkey.oauth_sessions set opened_at = null where user_id = '%s'"
            .formatted(alice.id()));

    deleteDevice.run(JOB, List.of(alice.id().toString(), device));
    assertThat(devices()).containsExactly(device);

    world.clock().advance(Duration.ofMinutes(11));
    deleteDevice.run(JOB, List.of(alice.id().toString(), device));
    assertThat(devices()).isEmpty();
  }

  @Test
  void a_sync_leaves_exactly_the_devices_of_sessions() throws Exception {
    world.homeserver().upsertDevice(alice.username(), "STRAY", null);

    syncDevices.run(JOB, List.of(alice.id().toString()));

    assertThat(devices()).containsExactly(device);
  }

  @Test
  void a_sync_removes_nothing_while_sessions_are_lost() {
    world.homeserver().upsertDevice(alice.username(), "STRAY", null);
    World.sql("insert into latchkey.lost_sessions values (gen_random_uuid(), now(), now(), null)");

    assertThatThrownBy(() -> syncDevices.run(JOB, List.of(alice.id().toString())))
        .hasMessageContaining("accept-loss");

    World.sql("delete from latchkey.lost_sessions");
    assertThat(devices()).containsExactlyInAnyOrder(device, "STRAY");
  }

  @Test
  void a_device_stays_while_sessions_are_lost_and_goes_once_the_loss_is_accepted()
      throws Exception {
    World.sql(finish());
    World.sql("insert into latchkey.lost_sessions values (gen_random_uuid(), now(), now(), null)");

    assertThatThrownBy(() -> deleteDevice.run(JOB, List.of(alice.id().toString(), device)))
        .hasMessageContaining("accept-loss");
    assertThat(devices()).containsExactly(device);

    World.sql("update latchkey.lost_sessions set accepted_at = now()");
    deleteDevice.run(JOB, List.of(alice.id().toString(), device));
    assertThat(devices()).isEmpty();
    World.sql("delete from latchkey.lost_sessions");
  }

  @Test
  void jobs_that_waited_are_done_by_the_one_that_ran() throws Exception {
    World.sql(finish());
    jobs.schedule(DeleteDeviceJob.KIND, alice.id(), device);
    jobs.schedule(DeleteDeviceJob.KIND, alice.id(), device);

    deleteDevice.run(JOB, List.of(alice.id().toString(), device));

    assertThat(queued()).isZero();
  }

  @Test
  void a_job_scheduled_while_its_twin_is_at_the_homeserver_runs_afterwards() throws Exception {
    World.sql(finish());
    world.homeserver().meanwhile(() -> jobs.schedule(DeleteDeviceJob.KIND, alice.id(), device));

    deleteDevice.run(JOB, List.of(alice.id().toString(), device));
    assertThat(queued()).isEqualTo(1);

    world.homeserver().upsertDevice(alice.username(), device, null);
    runner.start();
    world.runJobs();
    assertThat(devices()).isEmpty();
  }

  @Test
  void a_job_whose_change_is_committed_after_the_reading_is_not_dropped() throws Exception {
    try (var connection = House.database().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(finish());
      }
      jobs.schedule(connection, SyncDevicesJob.KIND, alice.id());
      world.homeserver().meanwhile(() -> commit(connection));

      syncDevices.run(JOB, List.of(alice.id().toString()));
    }
    assertThat(devices()).containsExactly(device);
    assertThat(queued()).isEqualTo(1);

    runner.start();
    world.runJobs();
    assertThat(devices()).isEmpty();
  }

  @Test
  void nobody_else_has_the_lease_while_devices_change_and_it_is_free_afterwards() throws Exception {
    World.sql(finish());
    var refusal = new AtomicReference<Exception>();
    world.homeserver().meanwhile(() -> refusal.set(tryLease()));

    deleteDevice.run(JOB, List.of(alice.id().toString(), device));

    assertThat(refusal.get()).isInstanceOf(UserLease.Busy.class);
    assertThat(tryLease()).isNull();
  }

  @Test
  @Tag("slow")
  void many_jobs_about_a_user_do_not_keep_them_from_signing_in_and_waiting_is_no_failure()
      throws Exception {
    var mine =
        "select count(*) from latchkey.scheduled_tasks where convert_from(task_data, 'UTF8') like '%s%%' and "
            .formatted(alice.id());
    for (int n = 0; n < 40; n++) {
      jobs.schedule(DeleteDeviceJob.KIND, alice.id(), World.device());
    }
    world.homeserver().answerAfter(Duration.ofMillis(100));
    try {
      runner.start();
      World.within(Duration.ofSeconds(5), () -> queued() < 40);
      for (int n = 0; n < 3; n++) {
        assertThat(world.logIn(alice, world.aPublicClient(), World.device()).access()).isNotBlank();
      }
      assertThat(queued()).as("they still wait").isPositive();
      assertThat(count(mine + "consecutive_failures > 0")).isZero();
    } finally {
      world.homeserver().answerAfter(Duration.ZERO);
    }
    world.runJobs();
    assertThat(queued()).isZero();
  }

  private Exception tryLease() {
    try {
      leases.holding(alice.id(), Duration.ZERO, () -> {});
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private static void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private java.util.Set<String> devices() {
    return world.homeserver().devices(alice.username());
  }

  private String finish() {
    return "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'test' where user_id = '%s'"
        .formatted(alice.id());
  }

  private long queued() {
    return count(
        "select count(*) from latchkey.scheduled_tasks where convert_from(task_data, 'UTF8') like '%s%%'"
            .formatted(alice.id()));
  }
}
