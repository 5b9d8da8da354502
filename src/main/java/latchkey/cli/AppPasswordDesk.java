package latchkey.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.session.AccountAppPasswordsRepository;
import latchkey.domain.user.AppPassword;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.UserAccountRepository;
import org.jspecify.annotations.Nullable;

/// What `manage` verbs do to app passwords, on the database directly.
final class AppPasswordDesk {
  private final UserAccountRepository accounts;
  private final AppPasswordRepository passwords;
  private final AccountAppPasswordsRepository revocations;
  private final DatabaseClock clock = new DatabaseClock();

  /// @throws SQLException the database could not be asked for the time, which counts, not this
  ///   machine's
  AppPasswordDesk(Latchkey latchkey, Configuration configuration) throws SQLException {
    var root = configuration.root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var source = new DirectDataSource(database);
    source.tellTime(clock);
    var ids = new Ids(new Randomness());
    this.accounts = new UserAccountRepository(source, clock, ids);
    this.passwords = new AppPasswordRepository(source);
    this.revocations = new AccountAppPasswordsRepository(source, clock, ids);
  }

  List<AppPassword> list(String localpart) throws AccountDesk.Refused, SQLException {
    return passwords.list(user(localpart));
  }

  /// Tells the admin of those that still work, which ending sessions or a new password leaves.
  void remind(String localpart, PrintWriter out) throws AccountDesk.Refused, SQLException {
    long working = list(localpart).stream().filter(one -> !one.isExpired(clock.instant())).count();
    if (working > 0) {
      out.printf(
          "%d app passwords still work: latchkey manage revoke-app-password %s --all%n",
          working, localpart);
    }
  }

  /// Answers how many sessions ended.
  ///
  /// @param id null for all
  int revoke(String localpart, @Nullable UUID id, boolean endSessions)
      throws AccountDesk.Refused, SQLException {
    OptionalInt ended = revocations.revoke(user(localpart), id, endSessions);
    return ended.orElseThrow(
        () -> new AccountDesk.Refused(localpart + " has no such app password"));
  }

  private UUID user(String localpart) throws AccountDesk.Refused, SQLException {
    return accounts
        .find(localpart)
        .orElseThrow(() -> new AccountDesk.Refused("there is no user " + localpart));
  }
}
