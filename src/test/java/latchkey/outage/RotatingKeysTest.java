package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import latchkey.outage.Crowd.Tokens;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.Seeder.Session;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An admin changes the keys of two replicas, one restart after the other, while phones refresh,
/// homeservers ask and apps sign in: nobody is logged out but whose token key is withdrawn, and no
/// ID token is under a key that its reader does not have.
@Tag("slow")
class RotatingKeysTest {
  private static final int PHONES = 8;
  private static final int SLEEPERS = 3;
  private static final int APPS = 2;

  /// How long a reader of ID tokens keeps the keys it has fetched. A new key is published for much
  /// longer before it signs.
  private static final Duration KEPT = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final String LEANING =
      """
      select count(*) from latchkey.oauth_sessions
       where finished_at is null and opened_at is not null
         and (token_key = %1$d or (previous_token_key = %1$d and used_generation < generation))
      """;
  private static final String ENDED =
      "select count(*) from latchkey.oauth_sessions where opened_at is not null and finished_reason"
          + " ";

  @RegisterExtension static final Replicas house = Replicas.open();

  private final Keyring keys = new Keyring();

  /// How long it took to start both replicas, here and today: an admin knows that too.
  private Duration starts = Duration.ZERO;

  private Replica a;
  private Replica b;
  private IdTokenReader reader;

  @Test
  @Timeout(3600)
  void nobody_is_logged_out_but_whose_key_is_withdrawn() {
    keys.addSigning("signing-0");
    long began = System.nanoTime();
    a = house.start(keys.yaml());
    b = house.start(keys.yaml());
    starts = Duration.ofNanos(System.nanoTime() - began);
    // Both have to be restarted with it before it signs.
    keys.publishBefore(starts.multipliedBy(3).plus(KEPT));
    var replicas = List.of(a, b);
    reader = new IdTokenReader(replicas, KEPT);
    int rounds = 0;
    try (var crowd = new Crowd(house.seeder(), replicas)) {
      var phones = crowd.phones(PHONES);
      crowd.apps(APPS, answer -> signInAndOut(crowd, answer));

      long until = System.nanoTime() + Soak.time(Duration.ZERO).toNanos();
      do {
        changeKeys(rounds++);
      } while (System.nanoTime() < until);

      crowd.assertContent();
      phones.forEach(phone -> use(a, phone.held()));
    }
    assertThat(reader.troubles()).isEmpty();
    assertThat(ended("= 'key_withdrawn'")).isEqualTo((long) rounds * SLEEPERS);
    assertThat(ended("not in ('key_withdrawn', 'revoked')")).isZero();
  }

  /// From one token key over a second to a third, and from one signing key to the next.
  private void changeKeys(int round) {
    int first = 1 + 2 * round;
    int second = first + 1;
    int third = first + 2;
    keys.remove(first - 1);

    var witness = moveInAHurry(first, second, round);
    retire(first, third);
    var sleepers = house.seeder(keys.key(second)).sessions(SLEEPERS);
    var later = moveOn(second, witness);
    await(() -> reader.hasSeen("signing-" + (round + 1)));
    Traffic.pause(SECOND);
    withdraw(second, round, sleepers);
    isForgottenEverywhere(witness, later, second);
  }

  /// The second key mints as soon as the one replica has it, while the other lacks it.
  private Tokens moveInAHurry(int first, int second, int round) {
    keys.add(second, Instant.now());
    keys.addSigning("signing-" + (round + 1));
    a.restart(keys.yaml());
    assertThat(a.hasLogged("token key " + second + " is new and mints from now on")).isTrue();
    var seeder = first == Keyring.DERIVED ? house.seeder() : house.seeder(keys.key(first));
    var session = seeder.session();
    var moved = use(a, new Tokens(session.access(), session.refresh()));

    for (var answer :
        List.of(
            b.introspect(moved.access()),
            b.refresh(Seeder.CLIENT_ID, moved.refresh()),
            b.refresh(Seeder.CLIENT_ID, session.refresh()))) {
      assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
      assertThat(answer.json().getString("error")).isEqualTo("temporarily_unavailable");
    }
    b.restart(keys.yaml());
    return use(b, moved);
  }

  /// Once no live session leans on it.
  private void retire(int first, int third) {
    await(
        () -> {
          endLoginsNobodyHeardOf();
          return leaning(first) == 0;
        });
    keys.remove(first);
    keys.add(third, Instant.now().plus(starts.multipliedBy(2).plus(SECOND)));
    a.restart(keys.yaml());
    b.restart(keys.yaml());
  }

  /// Everybody who is awake has moved from the second key to the third; what the witness holds now.
  private Tokens moveOn(int second, Tokens witness) {
    await(() -> leaning(second) == SLEEPERS + 1);
    var later = use(a, witness);
    assertThat(a.introspect(later.access()).isActive()).isTrue();
    assertThat(b.introspect(witness.access()).isActive()).as("it has minutes left").isTrue();
    await(() -> leaning(second) == SLEEPERS);
    return later;
  }

  /// At the one replica; the other still lists it as good.
  private void withdraw(int second, int round, List<Session> sleepers) {
    keys.withdraw(second);
    keys.removeSigning("signing-" + round);
    a.restart(keys.yaml());
    assertThat(
            a.hasLogged(
                "token key %d is withdrawn: %d live sessions end now".formatted(second, SLEEPERS)))
        .isTrue();
    for (var sleeper : sleepers) {
      for (var replica : List.of(a, b)) {
        within(SECOND, () -> isInactive(replica, sleeper.access()));
        assertDead(replica, sleeper.refresh());
      }
    }
  }

  /// Tokens under it of a session that lives on are dead too, at the replica that was not told as
  /// well, and, in a long run, after it was started once more with its old list.
  private void isForgottenEverywhere(Tokens older, Tokens later, int second) {
    within(SECOND, () -> isInactive(b, older.access()));
    assertDead(b, older.refresh());
    if (Soak.isOn()) {
      b.kill();
      b.start();
      assertThat(b.hasLogged("token key " + second + " was withdrawn by another server")).isTrue();
      assertThat(isInactive(b, older.access())).isTrue();
      assertDead(b, older.refresh());
    }
    for (var replica : List.of(a, b)) {
      later = use(replica, later);
    }
  }

  private static boolean isInactive(Replica replica, String access) {
    var answer = replica.introspect(access);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return !answer.isActive();
  }

  private static void assertDead(Replica replica, String refresh) {
    var answer = replica.refresh(Seeder.CLIENT_ID, refresh);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().getString("error")).isEqualTo("invalid_grant");
  }

  /// Shows and exchanges them; the next ones, in use.
  private static Tokens use(Replica replica, Tokens tokens) {
    assertThat(replica.introspect(tokens.access()).isActive()).isTrue();
    var answer = replica.refresh(Seeder.CLIENT_ID, tokens.refresh());
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    var next = Tokens.of(answer);
    assertThat(replica.introspect(next.access()).isActive()).isTrue();
    return next;
  }

  private void signInAndOut(Crowd crowd, Replica.Answer answer) {
    reader.check(answer.json().getString("id_token"));
    var tokens = Tokens.of(answer);
    if (!crowd.ask(replica -> replica.introspect(tokens.access())).isActive()) {
      crowd.wrong("a new access token is not good");
    }
    var refreshed = crowd.ask(replica -> replica.refresh(Seeder.CLIENT_ID, tokens.refresh()));
    if (refreshed.status() != 200) {
      crowd.wrong("an app was refused: " + refreshed);
      return;
    }
    var last = Tokens.of(refreshed).refresh();
    if (crowd.ask(replica -> replica.revoke(last)).status() != 200) {
      crowd.wrong("an app could not sign out");
    }
  }

  /// An app whose answer was lost begins anew, and what it had begun has no holder.
  private static void endLoginsNobodyHeardOf() {
    house
        .postgres()
        .sql(
            """
            update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked'
             where finished_at is null and browser_session_id is not null and used_generation < 0
               and opened_at < now() - interval '5 seconds'
            """);
  }

  private static long leaning(int key) {
    return house.postgres().number(LEANING.formatted(key));
  }

  private static long ended(String how) {
    return house.postgres().number(ENDED + how);
  }

  private static void await(BooleanSupplier isSo) {
    within(PATIENCE, isSo);
  }

  private static void within(Duration limit, BooleanSupplier isSo) {
    long until = System.nanoTime() + limit.toNanos();
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within " + limit).isLessThan(until);
      Traffic.pause(Duration.ofMillis(50));
    }
  }
}
