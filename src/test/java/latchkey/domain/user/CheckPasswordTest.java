package latchkey.domain.user;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import latchkey.base.crypto.Secret;
import latchkey.base.web.KnownBrowser;
import latchkey.domain.user.CheckPassword.Outcome;
import latchkey.world.FakeHomeserver;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(House.class)
class CheckPasswordTest {
  @Inject World world;
  @Inject CheckPassword checkPassword;

  private Person alice;

  @BeforeEach
  void alice_has_a_password() {
    alice = world.alice();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "  %s ", "@%s:" + FakeHomeserver.SERVER_NAME})
  void the_right_password_proves_whatever_way_the_name_is_written(String way) {
    assertProven(check(way.formatted(alice.username()), alice.password()));
  }

  @Test
  void case_does_not_matter_while_the_name_is_one_persons() {
    assertProven(check(alice.username().toUpperCase(java.util.Locale.ROOT), alice.password()));
  }

  @Test
  void of_two_names_that_differ_in_case_only_the_exact_one_counts() {
    World.sql(
        "insert into latchkey.users (id, username, created_at) values (gen_random_uuid(), upper('%s'), now())"
            .formatted(alice.username()));

    assertProven(check(alice.username(), alice.password()));
    assertWrong(check("A" + alice.username().substring(1), alice.password()));
  }

  @Test
  void wrong_passwords_unknown_names_other_servers_and_accounts_without_one_look_alike() {
    var bob = world.alice();
    World.sql("delete from latchkey.user_passwords where user_id = '%s'".formatted(bob.id()));

    assertWrong(check(alice.username(), alice.password() + "x"));
    assertWrong(check("nobody", alice.password()));
    assertWrong(check("@" + alice.username() + ":elsewhere.org", alice.password()));
    assertWrong(check(bob.username(), bob.password()));
  }

  @Test
  void an_empty_password_is_wrong_for_everybody() {
    assertWrong(check(alice.username(), ""));
    assertWrong(check("nobody", ""));
    assertWrong(check("", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"locked_at", "deactivated_at"})
  void only_who_knows_the_password_learns_that_the_account_is_closed(String closed) {
    World.sql("update latchkey.users set %s = now() where id = '%s'".formatted(closed, alice.id()));

    assertThat(check(alice.username(), alice.password())).isInstanceOf(Outcome.Inactive.class);
    assertWrong(check(alice.username(), "wrong"));
  }

  @Test
  void a_hash_no_scheme_can_read_proves_nothing_and_is_kept() {
    World.sql(
        "update latchkey.user_passwords set version = 99 where user_id = '%s'"
            .formatted(alice.id()));

    assertWrong(check(alice.username(), alice.password()));
    assertThat(
            count(
                "select count(*) from latchkey.user_passwords where version = 99 and user_id = '%s'"
                    .formatted(alice.id())))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1, $2b$04$abcdefghijklmnopqrstuu4DEZtDzBsSJJkPcBQd08f81InnDolES",
        "2, $pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$xba2dqG8TFgzcgqrA5A2X4HCO1E4gFPpI8wEj50YGS0"
      })
  void a_password_of_an_older_scheme_is_hashed_again_by_the_newest_when_it_was_proven(
      String stored) {
    var parts = stored.split(", ", 2);
    World.sql(
        "update latchkey.user_passwords set version = %s, hashed_password = '%s' where user_id = '%s'"
            .formatted(parts[0], parts[1], alice.id()));

    assertWrong(check(alice.username(), "Gruesse, Alice"));
    assertThat(newestHashes()).isZero();
    assertProven(check(alice.username(), "Grüße, Ａlice"));
    assertThat(newestHashes()).isEqualTo(1);
    assertProven(check(alice.username(), "Grüße, Ａlice"));
  }

  private long newestHashes() {
    return count(
        "select count(*) from latchkey.user_passwords where version = 3 and hashed_password like '$argon2id$%%' and user_id = '%s'"
            .formatted(alice.id()));
  }

  private Outcome check(String name, String password) {
    return checkPassword.handle(
        name, Secret.of(password), new LoginOrigin("192.0.2.1", KnownBrowser.stranger(), false));
  }

  private void assertProven(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Proven.class, proven -> assertThat(proven.user().id()).isEqualTo(alice.id()));
  }

  private static void assertWrong(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.WrongCredentials.class);
  }
}
