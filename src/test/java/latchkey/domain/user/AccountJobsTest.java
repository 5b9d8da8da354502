package latchkey.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver.Account;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class AccountJobsTest {
  @Inject World world;
  @Inject UserLease leases;
  @Inject ProvisionUserJob provision;
  @Inject SetDisplayNameJob displayName;
  @Inject Ids ids;

  private Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
    world.runJobs();
  }

  @Test
  void the_homeserver_is_told_what_is_true_now() throws Exception {
    World.sql(
        "insert into latchkey.user_emails values (gen_random_uuid(), '%s', '%s@example.org', now())"
            .formatted(alice.id(), alice.username()));
    World.sql("update latchkey.users set locked_at = now() where id = '%s'".formatted(alice.id()));

    provision.run(job(), List.of(alice.id().toString()));

    assertThat(world.homeserver().account(alice.username()))
        .contains(
            new Account(
                Ids.text(alice.id()),
                alice.username(),
                List.of(alice.username() + "@example.org"),
                true,
                null));
  }

  @Test
  void a_user_who_is_gone_is_no_reason_to_try_for_ever() throws Exception {
    provision.run(job(), List.of(new UUID(1, 2).toString()));
    displayName.run(job(), List.of(new UUID(1, 2).toString(), "Nobody"));
  }

  @Test
  void two_tellings_of_one_account_do_not_overtake_each_other() throws Exception {
    var refusal = new AtomicReference<Throwable>();
    world
        .homeserver()
        .meanwhile(
            () -> {
              try {
                leases.holding(alice.id(), Duration.ZERO, () -> {});
              } catch (Exception e) {
                refusal.set(e);
              }
            });

    provision.run(job(), List.of(alice.id().toString()));

    assertThat(refusal.get()).isInstanceOf(UserLease.Busy.class);
  }

  @Test
  void a_display_name_is_set_and_an_empty_one_taken_away() throws Exception {
    displayName.run(job(), List.of(alice.id().toString(), "Alice"));
    assertThat(world.homeserver().displayName(alice.username())).contains("Alice");

    displayName.run(job(), List.of(alice.id().toString(), ""));
    assertThat(world.homeserver().displayName(alice.username())).isEmpty();
  }

  @Test
  void a_display_name_the_homeserver_refuses_is_given_up_and_one_it_could_not_take_is_not()
      throws Exception {
    failNextCall(Kind.REFUSED);
    displayName.run(job(), List.of(alice.id().toString(), "too long"));

    failNextCall(Kind.UNREACHABLE);
    assertThatThrownBy(() -> displayName.run(job(), List.of(alice.id().toString(), "Alice")))
        .isInstanceOf(HomeserverProblem.class);
  }

  private UUID job() {
    return ids.next(world.clock().instant());
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
