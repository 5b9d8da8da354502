package latchkey.outage;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import latchkey.world.Replica;
import latchkey.world.Seeder;
import latchkey.world.Seeder.Session;

/// Refreshes all the time, and keeps the last answer it received.
final class RefreshingPhone {
  private final Traffic traffic;
  private final List<Replica> replicas;
  private String token;

  RefreshingPhone(Traffic traffic, List<Replica> replicas, Session session) {
    this.traffic = traffic;
    this.replicas = replicas;
    this.token = session.refresh();
  }

  void use(Random random) {
    var replica = replicas.get(random.nextInt(replicas.size()));
    try {
      var answer = replica.refresh(Seeder.CLIENT_ID, token);
      switch (answer.status()) {
        case 200 -> {
          traffic.count("refreshes");
          token = answer.json().getString("refresh_token");
        }
        case 503 -> traffic.count("refreshes put off");
        default -> traffic.wrong.add("a phone was refused: " + answer);
      }
    } catch (UncheckedIOException e) {
      traffic.count("refreshes without an answer");
    }
    Traffic.pause(Duration.ofMillis(20));
  }
}
