package latchkey.endpoint.account;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.base.crypto.Digest;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// Who makes app passwords and how many, and what of them is kept and for how long.
@QuarkusTest
@WithTestResource(House.class)
class MakeAppPasswordsTest extends AppPasswordScene {
  @Test
  void only_its_digest_is_stored_and_it_has_140_bits() throws Exception {
    var secrets = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      secrets.add(make("app " + i, "").secret());
    }

    for (var secret : secrets) {
      var bare = secret.replace("-", "");
      assertThat(bare).hasSize(28).matches("[0-9a-hjkmnp-tv-z]+");
      assertThat(
              count(
                  "select count(*) from latchkey.app_passwords where digest = decode('%s', 'hex')"
                      .formatted(java.util.HexFormat.of().formatHex(Digest.sha256(bare)))))
          .isEqualTo(1);
      assertThat(
              count(
                  "select count(*) from latchkey.app_passwords p where p::text like '%%%s%%' or p::text like '%%%s%%'"
                      .formatted(secret, bare)))
          .isZero();
      assertThat(
              count(
                  "select count(*) from latchkey.audit_events e where e::text like '%%%s%%'"
                      .formatted(secret)))
          .isZero();
    }
    assertThat(secrets).doesNotHaveDuplicates();
    assertThat(events("app_password_made")).isEqualTo(3);
  }

  @Test
  void making_one_wants_a_recent_sign_in_and_taking_it_back_does_not() {
    var made = make("Nio", "");
    world.clock().advance(Duration.ofMinutes(16));
    var stale = browser.get(made.path());

    var toLogin = browser.get(NEW).location();
    assertThat(toLogin).isEqualTo("/login?kind=account_page&page=new_app_password");
    assertThat(browser.submit(NEW, stale, Map.of("name", "Nio")).location()).isEqualTo(toLogin);
    assertThat(passwords()).isEqualTo(1);
    assertThat(world.signIn(browser, alice, toLogin).location()).isEqualTo(NEW);
    assertThat(browser.get(NEW).status()).isEqualTo(200);

    world.clock().advance(Duration.ofMinutes(16));
    browser.submit(made.path(), browser.get(made.path()), Map.of("end_sessions", "yes"));
    refused(logIn(made.secret()));
  }

  @Test
  void a_form_of_another_site_makes_and_takes_back_nothing() {
    var made = make("Nio", "");
    var strangers = new Browser().get("/login");

    for (var path : List.of(NEW, made.path())) {
      assertThat(browser.post(path, Map.of("name", "x")).status()).isEqualTo(400);
      assertThat(browser.submit(path, strangers, Map.of("name", "x")).status()).isEqualTo(400);
    }
    assertThat(passwords()).isEqualTo(1);
    logIn(made.secret()).then().statusCode(200);
  }

  @Test
  void somebody_elses_is_like_one_that_never_was() {
    var made = make("Nio", "");
    var bob = world.alice();
    var bobs = new Browser();
    world.signIn(bobs, bob, "/login");
    var form = bobs.get("/account/");

    assertThat(bobs.get(made.path()).status()).isEqualTo(404);
    assertThat(bobs.submit(made.path(), form, Map.of("end_sessions", "yes")).status())
        .isEqualTo(404);
    assertThat(bobs.get(LIST).body()).doesNotContain("<bdi>Nio</bdi>");
    logIn(made.secret()).then().statusCode(200);
  }

  @Test
  void it_has_a_name_and_nobody_has_more_than_fifty() {
    var nameless = submit(Map.of("name", "  ", "days", "90"));
    assertThat(nameless.status()).isEqualTo(200);
    assertThat(nameless.body())
        .contains("Say which app it is for", "<option value=\"90\" selected>");
    World.sql(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        select gen_random_uuid(), '%1$s', 'x', sha256(convert_to('%1$s' || n, 'UTF8')), now() from generate_series(1, 50) n
        """
            .formatted(alice.id()));

    assertThat(submit(Map.of("name", "one too many")).body()).contains("Take one back first");
    assertThat(passwords()).isEqualTo(50);
  }

  @Test
  void many_made_at_once_are_no_more_than_fifty_either() throws Exception {
    World.sql(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        select gen_random_uuid(), '%1$s', 'x', sha256(convert_to('%1$s' || n, 'UTF8')), now() from generate_series(1, 47) n
        """
            .formatted(alice.id()));
    var form = browser.get(NEW);
    var works = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 16; i++) {
      var tab = browser.copy();
      works.add(() -> tab.submit(NEW, form, Map.of("name", "Nio")).status());
    }

    var answers = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(works)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).containsOnly(200, 303);
    assertThat(answers).filteredOn(status -> status == 303).hasSize(3);
    assertThat(passwords()).isEqualTo(50);
  }

  @Test
  void what_is_long_over_is_deleted_and_addresses_are_forgotten() {
    var made = make("Nio", "");
    logIn(made.secret()).then().statusCode(200);
    var old = make("old", "");
    browser.submit(old.path(), browser.get(old.path()), Map.of());
    assertThat(all()).isEqualTo(2);

    world.clock().advance(Duration.ofDays(31));
    rounds(Duration.ofHours(2));

    assertThat(all()).isEqualTo(1);
    assertThat(
            count(
                "select count(*) from latchkey.app_passwords where user_id = '%s' and last_used_at is not null and last_used_ip is null"
                    .formatted(alice.id())))
        .isEqualTo(1);
    logIn(made.secret()).then().statusCode(200);
  }

  private long passwords() {
    return count(
        "select count(*) from latchkey.app_passwords where user_id = '%s' and revoked_at is null"
            .formatted(alice.id()));
  }

  private long all() {
    return count(
        "select count(*) from latchkey.app_passwords where user_id = '%s'".formatted(alice.id()));
  }
}
