package latchkey.cli;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.PasswordHasher.HashedPassword;
import latchkey.base.crypto.PasswordStrength;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.homeserver.HomeserverHealth;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.homeserver.Homeservers;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.lifecycle.AccountStateRepository;
import latchkey.domain.session.AccountSessionsRepository;
import latchkey.domain.token.LostSessionRepository;
import latchkey.domain.user.PasswordsConfig;
import latchkey.domain.user.UserAccountRepository;

/// What `manage` verbs do to accounts, on the database directly. Follow-up work is left to a
/// running server.
final class AccountDesk {
  private static final Pattern LOCALPART = Pattern.compile("[a-z0-9.=_/+-]+");
  private static final int LONGEST_MATRIX_ID = 255;
  private static final Duration HOMESERVER_DEADLINE = Duration.ofSeconds(10);

  /// A request that cannot be carried out, in words for the admin.
  static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  private final MatrixConfig matrix;
  private final PasswordsConfig passwords;
  private final UserAccountRepository accounts;
  private final AccountSessionsRepository sessions;
  private final AccountStateRepository states;
  private final LostSessionRepository lostSessions;
  private final AuditEventRepository audit;
  private final DatabaseClock clock = new DatabaseClock();
  private final Randomness randomness = new Randomness();

  /// @throws SQLException the database could not be asked for the time, which counts, not this
  ///   machine's
  AccountDesk(Latchkey latchkey, Configuration configuration) throws SQLException {
    var root = configuration.root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    this.matrix = MatrixConfig.read(root);
    this.passwords = PasswordsConfig.read(root);
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var source = new DirectDataSource(database);
    source.tellTime(clock);
    var ids = new Ids(randomness);
    this.accounts = new UserAccountRepository(source, clock, ids);
    this.sessions = new AccountSessionsRepository(source, clock, ids);
    this.states = new AccountStateRepository(source, clock, ids);
    this.lostSessions = new LostSessionRepository(source);
    this.audit = new AuditEventRepository(source, clock, ids);
  }

  /// Creates the account; answers its Matrix id.
  String register(RegisterUserCommand.Request request, String localpart)
      throws Refused, SQLException {
    requireFreeName(localpart);
    var secret = Optional.ofNullable(request.password());
    if (secret.isPresent() && !request.ignoreComplexity()) {
      requireStrength(secret.get());
    }
    accounts.register(
        new UserAccountRepository.NewUser(
            localpart,
            secret.map(this::hash).orElse(null),
            request.emails(),
            Boolean.TRUE.equals(request.admin()),
            request.displayName()));
    return "@" + localpart + ":" + matrix.homeserver();
  }

  void setPassword(String localpart, Secret password, boolean ignoreComplexity)
      throws Refused, SQLException {
    if (!passwords.enabled()) {
      throw new Refused("signing in by password is switched off (passwords.enabled)");
    }
    if (!ignoreComplexity) {
      requireStrength(password);
    }
    if (!accounts.setPassword(localpart, hash(password))) {
      throw new Refused("there is no user " + localpart);
    }
  }

  /// @param deactivate for good, as far as the homeserver is concerned; what was written stays
  void lock(String localpart, boolean deactivate) throws Refused, SQLException {
    var user = require(localpart);
    if (deactivate) {
      states.deactivate(user, false);
    } else {
      states.lock(user);
    }
  }

  /// Answers whether it is deactivated still.
  ///
  /// @param reactivate bring back what was deactivated, once the homeserver has
  boolean unlock(String localpart, boolean reactivate) throws Refused, SQLException {
    var user = require(localpart);
    if (reactivate) {
      states.reactivate(user);
    } else {
      states.unlock(user);
    }
    return states.isDeactivated(user);
  }

  /// Tells the homeserver about every account anew; answers how many there are.
  int provisionAll() throws SQLException {
    int count = states.provisionAll();
    audit.appendByAdmin("all_users_provisioned", new JsonObject().put("users", count));
    return count;
  }

  /// Ends every session of the user, or only counts them; answers how many there are.
  int endSessions(String localpart, boolean countOnly) throws Refused, SQLException {
    var user = require(localpart);
    return countOnly ? sessions.count(user) : sessions.endAll(user);
  }

  private UUID require(String localpart) throws Refused, SQLException {
    return accounts.find(localpart).orElseThrow(() -> new Refused("there is no user " + localpart));
  }

  /// Gives up the sessions this database has lost; answers how many were noticed.
  int acceptLoss() throws SQLException {
    return lostSessions.acceptAll(audit);
  }

  private void requireFreeName(String localpart) throws Refused, SQLException {
    var matrixId = "@" + localpart + ":" + matrix.homeserver();
    if (!LOCALPART.matcher(localpart).matches()) {
      throw new Refused(
          "a username has lower-case letters, digits and . _ = - / + only; "
              + localpart
              + " does not");
    }
    if (matrixId.length() > LONGEST_MATRIX_ID) {
      throw new Refused(matrixId + " is longer than " + LONGEST_MATRIX_ID + " characters");
    }
    if (accounts.exists(localpart)) {
      throw new Refused("the name " + localpart + " is taken");
    }
    try {
      var homeserver = Homeservers.of(matrix, HOMESERVER_DEADLINE, new HomeserverHealth(clock));
      if (!homeserver.isLocalpartAvailable(localpart)) {
        throw new Refused("the homeserver does not give out the name " + localpart);
      }
    } catch (HomeserverProblem e) {
      throw new Refused("the homeserver could not be asked about the name: " + e.getMessage());
    }
  }

  private void requireStrength(Secret password) throws Refused {
    int score = PasswordStrength.score(password);
    if (score < passwords.minimumComplexity()) {
      throw new Refused(
          "the password is too easy to guess (%d of 4, %d is needed); --ignore-password-complexity takes it anyway"
              .formatted(score, passwords.minimumComplexity()));
    }
  }

  private HashedPassword hash(Secret password) {
    try (var hasher = new PasswordHasher(passwords.schemes(), randomness)) {
      return hasher.hash(password);
    }
  }
}
