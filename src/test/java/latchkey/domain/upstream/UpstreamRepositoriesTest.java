package latchkey.domain.upstream;

import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import latchkey.base.crypto.Secret;
import latchkey.world.House;
import org.junit.jupiter.api.Test;

/// Trips and links in the database: each step of one is taken once, however many try.
@QuarkusTest
@WithTestResource(House.class)
class UpstreamRepositoriesTest extends TripRows {
  @Test
  void a_trip_is_completed_once_and_consumed_once_and_what_was_said_is_wiped() {
    var trip = started();
    var link = link("alice");

    assertThat(complete(trip, link)).isTrue();
    assertThat(complete(trip, link)).as("a replay").isFalse();
    var completed = in(() -> sessions.findCompleted(trip)).orElseThrow();
    assertThat(completed.link().subject()).isEqualTo(link.subject());
    assertThat(completed.claims().idToken().orElseThrow())
        .containsEntry("sub", "their-alice")
        .containsEntry("big", 12_345_678_901_234L);
    assertThat(completed.claims().userinfo()).isEmpty();
    assertThat(completed.claims().callbackParameters()).containsEntry("user", "{\"a\":1}");

    var browser = browserSession(alice);
    assertThat(in(() -> sessions.consume(trip, browser, null, now))).isTrue();
    assertThat(in(() -> sessions.consume(trip, browser, null, now))).as("a replay").isFalse();
    assertThat(in(() -> sessions.consumeWithout(trip, now))).isFalse();
    assertThat(in(() -> sessions.findCompleted(trip))).isEmpty();
    assertThat(
            number(
                """
                select count(*) from latchkey.upstream_sessions where id = '%s'
                   and id_token_claims is null and userinfo is null and callback_parameters is null
                   and encrypted_id_token not like '%%id token%%'
                """
                    .formatted(trip)))
        .isEqualTo(1);
  }

  @Test
  void of_many_that_complete_and_consume_at_once_one_does() throws Exception {
    var trip = started();
    var link = link("alice");
    var browser = browserSession(alice);

    assertThat(atOnce(() -> complete(trip, link))).isEqualTo(1);
    assertThat(atOnce(() -> in(() -> sessions.consume(trip, browser, null, now)))).isEqualTo(1);
  }

  @Test
  void a_trip_is_not_completed_for_another_provider_nor_consumed_before_it_came_back() {
    var trip = started();
    var link = link("alice");
    var other = UUID.randomUUID();

    assertThat(in(() -> sessions.complete(trip, other, link.id(), identity(), now))).isFalse();
    assertThat(in(() -> sessions.consume(trip, browserSession(alice), null, now))).isFalse();
  }

  @Test
  void a_browser_session_knows_how_its_person_signed_in_there() {
    var browser = signedIn("alice", alice, null);

    assertThat(
            text(
                """
                select concat_ws(' ', s.acr, s.amr, extract(epoch from s.auth_time))
                  from latchkey.browser_sessions b join latchkey.upstream_sessions s on s.id = b.upstream_session_id
                 where b.id = '%s'
                """
                    .formatted(browser)))
        .isEqualTo("gold {pwd,otp} %d.000000".formatted(now.getEpochSecond()));
    var out = in(() -> sessions.wayOut(browser)).orElseThrow();
    assertThat(out.providerId()).isEqualTo(provider);
    assertThat(out.idToken()).hasValue(Secret.of("the id token"));
    assertThat(in(() -> sessions.wayOut(browserSession(bob)))).isEmpty();
  }

  @Test
  void a_subject_has_one_link_and_a_link_one_person() throws Exception {
    var subject = UUID.randomUUID().toString();
    var found = new ArrayList<UUID>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<UUID>>();
      for (int i = 0; i < 8; i++) {
        all.add(executor.submit(() -> created(subject, null).id()));
      }
      for (var one : all) {
        found.add(one.get());
      }
    }
    assertThat(found).containsOnly(found.getFirst());
    var link = found.getFirst();

    assertThat(created(subject, "Alice at work").accountName()).isEqualTo("Alice at work");
    assertThat(created(subject, null).accountName()).as("kept").isEqualTo("Alice at work");
    assertThat(in(() -> links.attach(link, alice))).isTrue();
    assertThat(in(() -> links.attach(link, bob))).as("it is somebody's").isFalse();
    assertThat(in(() -> links.attach(link, alice))).isFalse();
    assertThat(in(() -> links.ofUser(alice)))
        .extracting(UpstreamLinkView::id)
        .containsExactly(link);
    assertThat(in(() -> links.ofUser(bob))).isEmpty();

    assertThat(in(() -> links.detach(link, bob, now))).as("not theirs").isFalse();
    assertThat(in(() -> links.detach(link, alice, now))).isTrue();
    assertThat(in(() -> links.find(link)).orElseThrow().user()).isEmpty();
  }

  @Test
  void a_link_that_is_taken_away_ends_trips_under_way_and_asking_again() {
    var browser = signedIn("alice", alice, now);
    var link = in(() -> links.ofUser(alice)).getFirst();
    var underWay = started();
    complete(underWay, link);

    assertThat(in(() -> links.detach(link.id(), alice, now))).isTrue();

    assertThat(in(() -> sessions.findCompleted(underWay))).isEmpty();
    assertThat(in(() -> sessions.consume(underWay, browser, null, now))).isFalse();
    assertThat(
            number(
                "select count(*) from latchkey.upstream_sessions where revalidate_at is not null and link_id = '%s'"
                    .formatted(link.id())))
        .isZero();
  }

  private static int atOnce(Callable<Boolean> step) throws Exception {
    int successes = 0;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 8; i++) {
        all.add(executor.submit(step));
      }
      for (var one : all) {
        successes += one.get() ? 1 : 0;
      }
    }
    return successes;
  }
}
