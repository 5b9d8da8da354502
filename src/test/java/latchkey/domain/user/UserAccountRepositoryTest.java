package latchkey.domain.user;

import static latchkey.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.crypto.PasswordHasher.HashedPassword;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.user.UserAccountRepository.NewUser;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserAccountRepositoryTest {
  private static final HashedPassword OLD = new HashedPassword(1, "old");
  private static final HashedPassword NEW = new HashedPassword(2, "new");

  private static DataSource database;

  private final UserAccountRepository accounts =
      new UserAccountRepository(database, new MovableClock(), new Ids(new Randomness()));

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void nobody_is_there() {
    TestDatabase.execute(database, "delete from latchkey.users");
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
  }

  @Test
  void an_account_comes_with_its_addresses_password_and_the_jobs_that_tell_the_homeserver()
      throws SQLException {
    var id =
        accounts.register(
            new NewUser("alice", OLD, List.of("a@example.org", "b@example.org"), true, "Alice"));

    assertThat(accounts.exists("alice")).isTrue();
    assertThat(users("where id = '" + id + "' and can_request_admin")).isEqualTo(1);
    assertThat(number(database, "select count(*) from latchkey.user_emails")).isEqualTo(2);
    assertThat(passwords("where user_id = '" + id + "' and hashed_password = 'old'")).isEqualTo(1);
    assertThat(jobs("provision-user", id.toString())).isEqualTo(1);
    assertThat(jobs("set-display-name", id + "\nAlice")).isEqualTo(1);
  }

  @Test
  void an_account_that_cannot_be_whole_leaves_nothing_behind() throws SQLException {
    accounts.register(new NewUser("alice", null, List.of("shared@example.org"), false, null));

    assertThatThrownBy(
            () ->
                accounts.register(
                    new NewUser("bob", OLD, List.of("Shared@Example.org"), false, null)))
        .isInstanceOf(SQLException.class);

    assertThat(users("")).isEqualTo(1);
    assertThat(passwords("")).isZero();
    assertThat(number(database, "select count(*) from latchkey.scheduled_tasks")).isEqualTo(1);
  }

  @Test
  void a_name_is_taken_in_any_case() throws SQLException {
    accounts.register(named("alice"));

    assertThat(accounts.exists("ALICE")).isTrue();
    assertThat(accounts.exists("alice2")).isFalse();
  }

  @Test
  void a_password_is_replaced_whatever_the_case_of_the_name() throws SQLException {
    accounts.register(new NewUser("alice", OLD, List.of(), false, null));

    assertThat(accounts.setPassword("Alice", NEW)).isTrue();

    assertThat(passwords("")).isEqualTo(1);
    assertThat(passwords("where hashed_password = 'new' and version = 2")).isEqualTo(1);
  }

  @Test
  void of_two_who_differ_in_case_only_the_one_spelled_exactly_gets_the_password()
      throws SQLException {
    accounts.register(named("alice"));
    var second = accounts.register(named("Alice"));

    assertThat(accounts.setPassword("aLICE", NEW)).isFalse();
    assertThat(passwords("")).isZero();

    assertThat(accounts.setPassword("Alice", NEW)).isTrue();
    assertThat(passwords("where user_id = '" + second + "'")).isEqualTo(1);
    assertThat(accounts.exists("aLICE")).isTrue();
  }

  @Test
  void nobody_gets_no_password() throws SQLException {
    assertThat(accounts.setPassword("nobody", NEW)).isFalse();
  }

  private static NewUser named(String name) {
    return new NewUser(name, null, List.of(), false, null);
  }

  private static long users(String where) {
    return number(database, "select count(*) from latchkey.users " + where);
  }

  private static long passwords(String where) {
    return number(database, "select count(*) from latchkey.user_passwords " + where);
  }

  private static long jobs(String kind, String payload) {
    return number(
        database,
        "select count(*) from latchkey.scheduled_tasks where task_name = '%s' and task_data = convert_to('%s', 'UTF8')"
            .formatted(kind, payload));
  }
}
