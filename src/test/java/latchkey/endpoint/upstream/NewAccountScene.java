package latchkey.endpoint.upstream;

import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.domain.upstream.Providers;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.OrganisationHouse;
import latchkey.world.Trip;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Somebody new comes from the provider of an organisation, which is the only way in.
abstract class NewAccountScene {
  private static final AtomicInteger COUNT = new AtomicInteger();
  static final String HOME = "?kind=manage_account";

  @Inject World world;
  @Inject Providers providers;

  final Browser browser = new Browser();
  FakeUpstream provider;
  String name;

  @BeforeEach
  void everything_is_well() {
    world.awaitReady();
    provider = OrganisationHouse.provider();
    provider.reset();
    provider.liveBy(world.clock());
    name = "otto" + COUNT.incrementAndGet();
    comes(Map.of());
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  /// @param changes of the claims; one that is empty is left out
  void comes(Map<String, String> changes) {
    var claims = new HashMap<String, Object>();
    claims.put("preferred_username", name);
    claims.put("name", "Otto " + name);
    claims.put("email", name + "@org.example");
    claims.putAll(changes);
    claims.values().removeIf(""::equals);
    provider.person("sub-" + name, claims);
  }

  Browser.Page page() {
    return Trip.through(browser, provider, HOME);
  }

  Browser.Page send(Map<String, String> form) {
    var path = Trip.arrive(browser, provider, HOME);
    var agreed = new HashMap<>(form);
    agreed.putIfAbsent("accept_terms", "on");
    agreed.values().removeIf(String::isEmpty);
    return browser.submit(path, browser.get(path), agreed);
  }

  boolean exists(String username) {
    return World.count(
            "select count(*) from latchkey.users where username = '%s'".formatted(username))
        == 1;
  }
}
