package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import latchkey.TestDatabase;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.world.House;
import latchkey.world.MovableClock;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;

/// Two people, a provider, and trips there as rows.
abstract class TripRows {
  @Inject UpstreamLinkRepository links;
  @Inject UpstreamSessionRepository sessions;
  @Inject Ids ids;
  @Inject MovableClock clock;
  @Inject World world;

  final UUID provider = UUID.fromString("01990000-0000-0000-0000-0000000000aa");
  Instant now;
  UUID alice;
  UUID bob;

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

  UUID signedIn(String subject, UUID user, Instant revalidateAt) {
    var link = created(subject + " of " + user, null);
    in(() -> links.attach(link.id(), user));
    var trip = started();
    complete(trip, link);
    var browser = browserSession(user);
    assertThat(in(() -> sessions.consume(trip, browser, revalidateAt, now))).isTrue();
    return browser;
  }

  UUID started() {
    var id = ids.next(now);
    in(() -> run(() -> sessions.start(id, provider, null, now)));
    return id;
  }

  boolean complete(UUID trip, UpstreamLinkView link) {
    return in(() -> sessions.complete(trip, provider, link.id(), identity(), now));
  }

  Identity identity() {
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

  UpstreamLinkView link(String subject) {
    return created(subject + " " + UUID.randomUUID(), null);
  }

  UpstreamLinkView created(String subject, String accountName) {
    return in(() -> links.findOrCreate(ids.next(now), provider, subject, accountName, now));
  }

  private UUID user() {
    var id = ids.next(now);
    execute(
        "insert into latchkey.users (id, username, created_at) values ('%s', 'u%s', now())"
            .formatted(id, Ids.text(id).toLowerCase(Locale.ROOT)));
    return id;
  }

  UUID browserSession(UUID user) {
    var id = ids.next(now);
    execute(
        """
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr)
        values ('%s', '%s', now(), now(), '{upstream}')
        """
            .formatted(id, user));
    return id;
  }

  static <T> T in(Callable<T> work) {
    return QuarkusTransaction.requiringNew().call(work);
  }

  static boolean run(Runnable work) {
    work.run();
    return true;
  }

  static void execute(String sql) {
    TestDatabase.execute(House.database(), sql);
  }

  static long number(String sql) {
    return TestDatabase.number(House.database(), sql);
  }
}
