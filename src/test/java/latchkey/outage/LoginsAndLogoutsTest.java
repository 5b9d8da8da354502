package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.Seeder.Code;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One user logs in and out on many devices at once, at two replicas, with a homeserver that takes
/// its time: in the end it knows just the devices that are logged in.
@Tag("slow")
class LoginsAndLogoutsTest {
  private static final int EACH = Soak.count(24, 200);
  private static final int AT_ONCE = 12;

  @RegisterExtension static final Replicas house = Replicas.open();

  @Test
  @Timeout(1800)
  void the_homeserver_knows_in_the_end_who_is_logged_in_and_no_fresh_login_is_lost()
      throws Exception {
    var replicas = List.of(house.start(), house.start());
    var codes = house.seeder().codesOfOneUser(2 * EACH);
    var leaving = codes.subList(0, EACH);
    var coming = codes.subList(EACH, 2 * EACH);
    var old = new ArrayList<String>();
    for (var code : leaving) {
      old.add(logIn(replicas, code));
    }
    house.homeserver().slow(Duration.ofMillis(60));

    var work = new ArrayList<Callable<String>>();
    for (int i = 0; i < EACH; i++) {
      var token = old.get(i);
      var code = coming.get(i);
      work.add(() -> logOut(any(replicas), token));
      work.add(() -> logIn(replicas, code));
    }
    var fresh = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var result : threads.invokeAll(work)) {
        if (!result.get().isEmpty()) {
          fresh.add(result.get());
        }
      }
    }

    var user = coming.getFirst();
    var expected = new HashSet<String>();
    coming.forEach(code -> expected.add(code.device()));
    assertThat(live(user)).isEqualTo(expected);
    World.within(
        Duration.ofSeconds(90), () -> house.homeserver().devices(user.username()).equals(expected));
    // Nothing comes late and takes one of them away.
    World.within(Duration.ofSeconds(90), () -> house.postgres().number(JOBS) == 0);
    assertThat(house.homeserver().devices(user.username())).isEqualTo(expected);
    assertThat(fresh).hasSize(EACH);
    fresh.forEach(token -> assertThat(any(replicas).introspect(token).isActive()).isTrue());
  }

  private static final String JOBS =
      "select count(*) from latchkey.scheduled_tasks where task_name like '%device%'";

  private static Replica any(List<Replica> replicas) {
    return replicas.get(ThreadLocalRandom.current().nextInt(replicas.size()));
  }

  /// Asks again while it is told to; the access token.
  private static String logIn(List<Replica> replicas, Code code) {
    for (int i = 0; i < 300; i++) {
      var answer = any(replicas).exchange(Seeder.CLIENT_ID, code.code());
      if (answer.status() == 200) {
        return answer.json().getString("access_token");
      }
      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      Traffic.pause(Duration.ofMillis(100));
    }
    throw new AssertionError("a login was put off for ever");
  }

  private static String logOut(Replica replica, String token) {
    var answer = replica.revoke(token);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return "";
  }

  private static Set<String> live(Code user) throws SQLException {
    var devices = new HashSet<String>();
    try (var connection = house.postgres().database().getConnection();
        var statement =
            connection.prepareStatement(
                "select device_id from latchkey.oauth_sessions where user_id = ? and finished_at is"
                    + " null")) {
      statement.setObject(1, user.user());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          devices.add(rows.getString(1));
        }
      }
    }
    return devices;
  }
}
