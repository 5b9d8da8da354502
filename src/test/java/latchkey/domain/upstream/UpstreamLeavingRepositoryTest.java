package latchkey.domain.upstream;

import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.world.House;
import org.junit.jupiter.api.Test;

/// Who left is found, who may have is asked about in time, and trips that lead nowhere go.
@QuarkusTest
@WithTestResource(House.class)
class UpstreamLeavingRepositoryTest extends TripRows {
  @Inject UpstreamLeavingRepository leaving;

  @Test
  void who_leaves_is_found_by_session_and_by_person() {
    var browser = signedIn("alice", alice, null);
    var other = signedIn("alice", alice, null);
    var sid =
        text(
            "select sid from latchkey.upstream_sessions where browser_session_id = '%s'"
                .formatted(browser));

    assertThat(in(() -> leaving.bySid(provider, sid)))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.browserSessionId()).isEqualTo(browser);
              assertThat(it.userId()).isEqualTo(alice);
            });
    assertThat(in(() -> leaving.bySubject(provider, "their-alice")))
        .extracting(UpstreamLeavingRepository.Consumed::browserSessionId)
        .contains(browser, other);
    assertThat(in(() -> leaving.bySid(UUID.randomUUID(), sid))).isEmpty();
  }

  @Test
  void one_replica_asks_again_when_it_is_time_and_no_longer_than_the_session_lives() {
    var browser = signedIn("alice", alice, now.plusSeconds(60));
    var id =
        UUID.fromString(
            text(
                "select upstream_session_id from latchkey.browser_sessions where id = '%s'"
                    .formatted(browser)));
    assertThat(due()).doesNotContain(id);

    now = now.plusSeconds(61);
    var due = in(() -> leaving.takeDue(now, Duration.ofMinutes(1), 100));
    var ours = due.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    assertThat(leaving.token(ours)).isEqualTo(Secret.of("the refresh token"));
    assertThat(ours.userId()).isEqualTo(alice);
    assertThat(ours.toString()).doesNotContain("refresh token");
    assertThat(due()).as("another replica has it").doesNotContain(id);

    in(() -> run(() -> leaving.failed(id, now.plusSeconds(10))));
    now = now.plusSeconds(11);
    assertThat(in(() -> leaving.takeDue(now, Duration.ofMinutes(1), 100)))
        .filteredOn(it -> it.id().equals(id))
        .singleElement()
        .satisfies(it -> assertThat(it.failures()).isEqualTo(1));

    in(() -> run(() -> leaving.revalidated(id, Secret.of("the next one"), now.plusSeconds(10))));
    now = now.plusSeconds(11);
    assertThat(in(() -> leaving.takeDue(now, Duration.ofMinutes(1), 100)))
        .filteredOn(it -> it.id().equals(id))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.failures()).isZero();
              assertThat(leaving.token(it)).isEqualTo(Secret.of("the next one"));
            });

    execute(
        "update latchkey.browser_sessions set finished_at = now() where id = '%s'"
            .formatted(browser));
    now = now.plusSeconds(120);
    assertThat(due()).as("they have nothing here").doesNotContain(id);
    giveAppPassword(alice);
    now = now.plus(Duration.ofHours(2));
    assertThat(due()).as("they have an app password").contains(id);
  }

  @Test
  void a_new_proof_in_the_same_browser_replaces_the_one_before() {
    var browser = signedIn("alice", alice, now);
    var link = in(() -> links.ofUser(alice)).getFirst();
    var again = started();
    complete(again, link);

    assertThat(in(() -> sessions.consume(again, browser, now, now))).isTrue();

    assertThat(in(() -> leaving.takeDue(now.plusSeconds(1), Duration.ofMinutes(1), 100)))
        .filteredOn(it -> browser.equals(it.browserSessionId()))
        .extracting(UpstreamLeavingRepository.Due::id)
        .containsExactly(again);
  }

  @Test
  void a_proof_by_another_account_or_that_cannot_be_asked_by_replaces_none() {
    var browser = signedIn("alice", alice, now);
    var link = in(() -> links.ofUser(alice)).getFirst();
    var other = link("alice elsewhere");
    in(() -> links.attach(other.id(), alice));
    var elsewhere = started();
    complete(elsewhere, other);
    assertThat(in(() -> sessions.consume(elsewhere, browser, now, now))).isTrue();
    var silent = started();
    complete(silent, link);
    execute(
        "update latchkey.upstream_sessions set encrypted_refresh_token = null where id = '%s'"
            .formatted(silent));
    assertThat(in(() -> sessions.consume(silent, browser, now, now))).isTrue();

    assertThat(in(() -> leaving.takeDue(now.plusSeconds(1), Duration.ofMinutes(1), 100)))
        .filteredOn(it -> browser.equals(it.browserSessionId()))
        .extracting(UpstreamLeavingRepository.Due::linkId)
        .containsExactlyInAnyOrder(link.id(), other.id());
  }

  @Test
  void trips_that_lead_nowhere_are_deleted_and_others_are_not() {
    var browser = signedIn("alice", alice, null);
    var abandoned = started();
    var soon = now.plus(Duration.ofHours(2));

    var holding = signedIn("bob", bob, null);
    giveAppPassword(bob);
    var kept =
        text(
            "select upstream_session_id from latchkey.browser_sessions where id = '%s'"
                .formatted(holding));
    execute("delete from latchkey.browser_sessions where id = '%s'".formatted(holding));

    in(() -> sessions.deleteLoose(soon, now, 1000));

    assertThat(
            number(
                "select count(*) from latchkey.upstream_sessions where id = '%s'"
                    .formatted(abandoned)))
        .isZero();
    assertThat(
            number(
                "select count(*) from latchkey.upstream_sessions where id = '%s'".formatted(kept)))
        .as("somebody with an app password is still asked about")
        .isEqualTo(1);
    assertThat(in(() -> sessions.wayOut(browser))).isPresent();
  }

  private void giveAppPassword(UUID user) {
    execute(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        values (gen_random_uuid(), '%s', 'nio', sha256(gen_random_uuid()::text::bytea), now())
        """
            .formatted(user));
  }

  private List<UUID> due() {
    return in(() -> leaving.takeDue(now, Duration.ofMinutes(1), 1000)).stream()
        .map(UpstreamLeavingRepository.Due::id)
        .toList();
  }
}
