package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptLossTest {
  private static final String WAITING =
      "select count(*) from latchkey.lost_sessions where accepted_at is null";

  private static DataSource database;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @Test
  void what_was_noticed_is_given_up_once_and_counted() throws IOException {
    TestDatabase.execute(
        database,
        "insert into latchkey.lost_sessions select gen_random_uuid(), now(), now(), null from"
            + " generate_series(1, 3)");

    assertThat(acceptLoss()).contains("3 lost sessions");
    assertThat(TestDatabase.number(database, WAITING)).isZero();
    assertThat(acceptLoss()).contains("0 lost sessions");
  }

  private String acceptLoss() throws IOException {
    var file =
        Files.writeString(folder.resolve("config.yaml"), CommandLineDatabase.yaml(database, 1));
    var err = new StringWriter();
    int exit =
        Latchkey.commandLine(Map.of())
            .setErr(new PrintWriter(err, true))
            .execute("manage", "accept-loss", "-c", file.toString());

    assertThat(exit).as(err.toString()).isZero();
    return err.toString();
  }
}
