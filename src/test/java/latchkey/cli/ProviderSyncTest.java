package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `config sync` of identity providers, beside no server.
@Tag("slow")
class ProviderSyncTest {
  private static final String ONE = "01KB0000000000000000000001";
  private static final String TWO = "01KB0000000000000000000002";
  private static final String BOTH =
      """
      upstream_oauth2:
        providers:
          - {id: %s, issuer: 'https://a.example', human_name: A, client_id: us,
             token_endpoint_auth_method: client_secret_basic, client_secret: geheim}
          - {id: %s, issuer: 'https://b.example', client_id: us, token_endpoint_auth_method: none, enabled: true}
      """
          .formatted(ONE, TWO);
  private static final String NONE = "upstream_oauth2: {providers: []}\n";

  private static DataSource database;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void nothing_in_it() {
    TestDatabase.execute(
        database,
        "delete from latchkey.upstream_sessions; delete from latchkey.upstream_links; delete from"
            + " latchkey.upstream_providers; delete from latchkey.users");
  }

  @Test
  void providers_are_added_once_and_then_are_as_they_should_be_without_any_secret()
      throws IOException {
    assertThat(sync(BOTH).err())
        .contains("provider " + ONE + ": added", "provider " + TWO + ": added")
        .doesNotContain("geheim");
    var before = number("select sum(xmin::text::bigint) from latchkey.upstream_providers");

    assertThat(sync(BOTH).err())
        .contains(ONE + ": is as it should be", TWO + ": is as it should be");

    assertThat(number("select sum(xmin::text::bigint) from latchkey.upstream_providers"))
        .as("no row is written again")
        .isEqualTo(before);
    assertThat(providers("p::text like '%geheim%'")).isZero();
    assertThat(providers("ui_order = 1 and issuer = 'https://b.example'")).isEqualTo(1);
  }

  @Test
  void what_changed_in_the_configuration_changes_in_the_database() throws IOException {
    sync(BOTH);

    var run = sync(BOTH.replace("human_name: A", "human_name: Work"));

    assertThat(run.err()).contains(ONE + ": updated", TWO + ": is as it should be");
    assertThat(providers("human_name = 'Work'")).isEqualTo(1);
  }

  @Test
  void one_that_left_the_configuration_rests_with_its_links_and_comes_back_with_them()
      throws IOException {
    sync(BOTH);
    someLinks();

    assertThat(sync(NONE).err())
        .contains(TWO + ": is not in the configuration", "the links of 2 people rest");
    assertThat(providers("disabled_at is not null")).isEqualTo(2);

    assertThat(sync(BOTH).err()).contains(ONE + ": updated", TWO + ": updated");
    assertThat(providers("disabled_at is null")).isEqualTo(2);
    assertThat(number("select count(*) from latchkey.upstream_links")).isEqualTo(3);
  }

  @Test
  void one_that_is_disabled_is_like_one_that_left() throws IOException {
    sync(BOTH);

    sync(BOTH.replace("enabled: true", "enabled: false"));

    assertThat(providers("disabled_at is not null")).isEqualTo(1);
  }

  @Test
  void disabling_says_who_stays_an_admin_and_whose_scopes_go() throws IOException {
    sync(BOTH);
    someLinks();
    assertThat(sync(NONE, "--dry-run").err()).doesNotContain("as long as it is disabled");
    TestDatabase.execute(
        database,
        """
        update latchkey.upstream_links set gave_admin = true, granted_scopes = '{urn:example:reports}' where subject = 'user1';
        update latchkey.upstream_links set granted_scopes = '{urn:example:reports}' where subject = 'user2';
        """);

    for (var run : List.of(sync(NONE, "--dry-run"), sync(NONE), sync(NONE))) {
      assertThat(run.err())
          .contains(
              TWO + ": 1 people whom its groups made admins stay that",
              TWO + ": 2 people may not ask for the scopes of their groups there");
    }
    assertThat(sync(BOTH).err()).doesNotContain("as long as it is disabled");
  }

  @Test
  void pruning_says_how_many_people_lose_their_link_and_takes_their_trips_along()
      throws IOException {
    sync(BOTH);
    someLinks();

    assertThat(sync(NONE, "--prune", "--dry-run").err())
        .contains(TWO + ": would be deleted, and with it the links of 2 people", "dry run");
    assertThat(providers("true")).isEqualTo(2);

    assertThat(sync(NONE, "--prune").err())
        .contains(TWO + ": deleted, and with it the links of 2 people");
    assertThat(providers("true")).isZero();
    assertThat(number("select count(*) from latchkey.upstream_links")).isZero();
    assertThat(
            number(
                "select count(*) from latchkey.browser_sessions where upstream_session_id is null"))
        .as("who is signed in stays so")
        .isEqualTo(1);
  }

  @Test
  void pruning_takes_back_what_only_the_provider_gave_and_says_who_stays_locked()
      throws IOException {
    sync(BOTH);
    someLinks();
    TestDatabase.execute(
        database,
        """
        insert into latchkey.users (id, username, created_at)
        select gen_random_uuid(), 'user' || n, now() from generate_series(3, 4) n;
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
        select gen_random_uuid(), p.id, u.id, u.username, now() from latchkey.users u, latchkey.upstream_providers p
         where p.ui_order = 1 and u.username in ('user3', 'user4') or p.ui_order = 0 and u.username = 'user2';
        update latchkey.users set can_request_admin = true where username in ('user1', 'user2', 'user3');
        update latchkey.upstream_links set gave_admin = true where subject in ('user1', 'user2');
        update latchkey.users set locked_at = now() where username = 'user4';
        update latchkey.upstream_links set held_at = u.locked_at from latchkey.users u
         where u.id = user_id and username = 'user4';
        update latchkey.users set locked_at = '2026-01-01Z' where username = 'user3';
        update latchkey.upstream_links set held_at = '2026-01-02Z' where subject = 'user3';
        delete from latchkey.audit_events;
        """);
    var onlyFirst = BOTH.replace("enabled: true", "enabled: false");

    assertThat(sync(onlyFirst, "--prune", "--dry-run").err())
        .contains(
            TWO + ": would be deleted, and with it the links of 4 people",
            TWO + ": 1 people would be admins no more",
            TWO + ": 1 people are still locked",
            "`latchkey manage unlock-user` frees them: user4");
    assertThat(number("select count(*) from latchkey.users where can_request_admin")).isEqualTo(3);
    assertThat(number("select count(*) from latchkey.audit_events")).isZero();

    assertThat(sync(onlyFirst, "--prune").err())
        .contains(
            TWO + ": 1 people are admins no more: only it gave them that right",
            TWO + ": 1 people are still locked because it did not know them any more",
            "`latchkey manage unlock-user` frees them: user4")
        .doesNotContain(ONE + ": 1 people");
    assertThat(
            number(
                "select count(*) from latchkey.users where can_request_admin and username in ('user2', 'user3')"))
        .as("whom another link, or somebody by hand, gave the right")
        .isEqualTo(2);
    assertThat(number("select count(*) from latchkey.users where can_request_admin")).isEqualTo(2);
    assertThat(
            number(
                "select count(*) from latchkey.audit_events a join latchkey.users u on u.id = a.user_id"
                    + " where kind = 'admin_withdrawn' and username = 'user1'"))
        .isEqualTo(1);
    assertThat(
            number(
                """
                select count(*) from latchkey.audit_events
                 where kind = 'upstream_provider_deleted' and user_id is null and details ->> 'provider_id' = '%s'
                   and details ->> 'provider_name' = 'https://b.example' and details ->> 'people' = '4'
                   and details ->> 'held' = '1' and details ->> 'admins_withdrawn' = '1'
                   and details ->> 'by' like '%%command line'
                """
                    .formatted(TWO)))
        .isEqualTo(1);
    assertThat(number("select count(*) from latchkey.audit_events")).isEqualTo(2);
  }

  /// Two people's at the second provider, one of them signed in, and one that is nobody's.
  private static void someLinks() {
    TestDatabase.execute(
        database,
        """
        insert into latchkey.users (id, username, created_at)
        select gen_random_uuid(), 'user' || n, now() from generate_series(1, 2) n;
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
        select gen_random_uuid(), p.id, u.id, u.username, now()
          from latchkey.users u, latchkey.upstream_providers p where p.ui_order = 1;
        insert into latchkey.upstream_links (id, provider_id, subject, created_at)
        select gen_random_uuid(), id, 'nobody', now() from latchkey.upstream_providers where ui_order = 1;
        insert into latchkey.upstream_sessions (id, provider_id, link_id, created_at, completed_at, consumed_at)
        select gen_random_uuid(), provider_id, id, now(), now(), now()
          from latchkey.upstream_links where subject = 'user1';
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr, upstream_session_id)
        select gen_random_uuid(), l.user_id, now(), now(), '{upstream}', s.id
          from latchkey.upstream_sessions s join latchkey.upstream_links l on l.id = s.link_id;
        """);
  }

  private CommandLineRun sync(String providers, String... options) throws IOException {
    var text = providers + "database: {uri: '" + TestDatabase.uri(database) + "'}\n";
    var file = Files.writeString(folder.resolve("config.yaml"), SmallConfiguration.with(text));
    var line = new ArrayList<>(List.of("config", "sync", "-c", file.toString()));
    line.addAll(List.of(options));
    return CommandLineRun.of(line.toArray(String[]::new));
  }

  private static long providers(String which) {
    return number("select count(*) from latchkey.upstream_providers p where " + which);
  }

  private static long number(String sql) {
    return TestDatabase.number(database, sql);
  }
}
