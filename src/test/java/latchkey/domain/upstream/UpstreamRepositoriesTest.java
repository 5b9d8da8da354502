package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import latchkey.TestDatabase;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.world.House;
import latchkey.world.MovableClock;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Trips and links in the database: each step of one is taken once, however many try.
@QuarkusTest
@WithTestResource(House.class)
class UpstreamRepositoriesTest {
  @Inject UpstreamLinkRepository links;
  @Inject UpstreamSessionRepository sessions;
  @Inject UpstreamLeavingRepository leaving;
  @Inject Ids ids;
  @Inject MovableClock clock;
  @Inject World world;

  private final UUID provider = UUID.fromString("01990000-0000-0000-0000-0000000000aa");
  private Instant now;
  private UUID alice;
  private UUID bob;

  @BeforeEach
  void a_provider_and_two_people() {
    world.awaitReady();
    now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    alice = user();
    bob = user();
    execute(
        """
        insert into latchkey.upstream_providers (id, client_id, created_at) values ('%s', 'us', now())
        on conflict do nothing
        """
            .formatted(provider));
  }

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

    var how = in(() -> sessions.signedIn(browser)).orElseThrow();
    assertThat(how.acr()).hasValue("gold");
    assertThat(how.amr()).containsExactly("pwd", "otp");
    assertThat(how.authTime()).hasValue(now.truncatedTo(ChronoUnit.SECONDS));
    var out = in(() -> sessions.wayOut(browser)).orElseThrow();
    assertThat(out.providerId()).isEqualTo(provider);
    assertThat(out.idToken()).hasValue(Secret.of("the id token"));
    assertThat(in(() -> sessions.signedIn(browserSession(bob)))).isEmpty();
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
    assertThat(in(() -> links.countOfUser(bob))).isZero();

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
    assertThat(ours.refreshToken()).isEqualTo(Secret.of("the refresh token"));
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
              assertThat(it.refreshToken()).isEqualTo(Secret.of("the next one"));
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
    assertThat(in(() -> sessions.signedIn(browser))).isPresent();
  }

  private void giveAppPassword(UUID user) {
    execute(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        values (gen_random_uuid(), '%s', 'nio', sha256(gen_random_uuid()::text::bytea), now())
        """
            .formatted(user));
  }

  private UUID signedIn(String subject, UUID user, Instant revalidateAt) {
    var link = created(subject + " of " + user, null);
    in(() -> links.attach(link.id(), user));
    var trip = started();
    complete(trip, link);
    var browser = browserSession(user);
    assertThat(in(() -> sessions.consume(trip, browser, revalidateAt, now))).isTrue();
    return browser;
  }

  private UUID started() {
    var id = ids.next(now);
    in(() -> run(() -> sessions.start(id, provider, now)));
    return id;
  }

  private boolean complete(UUID trip, UpstreamLinkView link) {
    return in(() -> sessions.complete(trip, provider, link.id(), identity(), now));
  }

  private Identity identity() {
    var claims =
        new Claims(
            Optional.of(
                Map.of(
                    "sub",
                    "their-alice",
                    "sid",
                    UUID.randomUUID().toString(),
                    "acr",
                    "gold",
                    "amr",
                    List.of("pwd", "otp"),
                    "auth_time",
                    now.getEpochSecond(),
                    "nul",
                    "a\0b",
                    "big",
                    12_345_678_901_234L)),
            Optional.empty(),
            Map.of("user", "{\"a\":1}"));
    return Identity.of(
        claims,
        Optional.of(Secret.of("the id token")),
        Optional.of(Secret.of("the refresh token")));
  }

  private UpstreamLinkView link(String subject) {
    return created(subject + " " + UUID.randomUUID(), null);
  }

  private UpstreamLinkView created(String subject, String accountName) {
    return in(() -> links.findOrCreate(ids.next(now), provider, subject, accountName, now));
  }

  private List<UUID> due() {
    return in(() -> leaving.takeDue(now, Duration.ofMinutes(1), 1000)).stream()
        .map(UpstreamLeavingRepository.Due::id)
        .toList();
  }

  private UUID user() {
    var id = ids.next(now);
    execute(
        "insert into latchkey.users (id, username, created_at) values ('%s', 'u%s', now())"
            .formatted(id, Ids.text(id).toLowerCase(Locale.ROOT)));
    return id;
  }

  private UUID browserSession(UUID user) {
    var id = ids.next(now);
    execute(
        """
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr)
        values ('%s', '%s', now(), now(), '{upstream}')
        """
            .formatted(id, user));
    return id;
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

  private static <T> T in(Callable<T> work) {
    return QuarkusTransaction.requiringNew().call(work);
  }

  private static boolean run(Runnable work) {
    work.run();
    return true;
  }

  private static void execute(String sql) {
    TestDatabase.execute(House.database(), sql);
  }

  private static long number(String sql) {
    return TestDatabase.number(House.database(), sql);
  }

  private static String text(String sql) {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
