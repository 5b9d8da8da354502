package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.ProviderWatch;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// People who come from a provider.
abstract class UpstreamScene {
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Inject World world;
  @Inject ProviderWatch watch;

  final Browser browser = new Browser();

  /// Somebody nobody has seen before: their name at the provider.
  String name;

  @BeforeEach
  void everything_is_well() {
    world.awaitReady();
    UpstreamHouse.reset(world.clock());
    name = "erika" + COUNT.incrementAndGet();
  }

  @AfterEach
  void nobody_is_away() {
    UpstreamHouse.reset(world.clock());
    world.homeserver().comeBack();
    awaitRecovery();
  }

  /// One that was in trouble is asked again by a click, and not too often.
  void awaitRecovery() {
    for (var watched : watch.all()) {
      World.within(
          Duration.ofSeconds(20),
          () -> {
            if (watch.trouble(watched.provider()).isEmpty()) {
              return true;
            }
            world.clock().advance(Duration.ofSeconds(10));
            new Browser().get("/upstream/authorize/" + Ids.text(watched.provider()));
            return false;
          });
    }
  }

  /// Sits at the browser of a provider.
  void comes(FakeUpstream provider) {
    provider.person("sub-" + name, claims(name));
  }

  static Map<String, Object> claims(String name) {
    return Map.of(
        "preferred_username", name,
        "name", "Erika <" + name + ">",
        "email", name + "@people.example");
  }

  static long users(String name) {
    return count("select count(*) from latchkey.users where username = '%s'".formatted(name));
  }

  static long links(String name) {
    return count(
        """
        select count(*) from latchkey.upstream_links l join latchkey.users u on u.id = l.user_id
         where u.username = '%s'
        """
            .formatted(name));
  }

  static long events(String kind, String name) {
    return count(
        """
        select count(*) from latchkey.audit_events e join latchkey.users u on u.id = e.user_id
         where e.kind = '%s' and u.username = '%s'
        """
            .formatted(kind, name));
  }

  static long refusals(String reason) {
    return count(
        "select count(*) from latchkey.audit_events where kind = 'upstream_refused' and details ->> 'reason' = '%s'"
            .formatted(reason));
  }

  /// Who is signed in in a browser; empty if nobody is.
  String signedIn(Browser who) {
    var page = who.get("/account/");
    if (page.status() == 303) {
      return "";
    }
    assertThat(page.status()).isEqualTo(200);
    var mxid = page.body().replaceAll("(?s).*@([a-z0-9]+):example\\.com.*", "$1");
    return mxid;
  }

  static String address(String name) {
    return String.valueOf(
        text(
            "select string_agg(e.email, ' ') from latchkey.user_emails e join latchkey.users u on u.id = e.user_id where u.username = '%s'"
                .formatted(name)));
  }
}
