package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.error.MatrixProblem;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Randomness;
import latchkey.base.web.Requester;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.CompatSessionRepository;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionCensusRepository;
import latchkey.domain.session.SessionKind;
import latchkey.domain.session.SessionsConfig;
import latchkey.domain.token.OpenSession;
import latchkey.domain.token.OpenSession.Minting;
import latchkey.domain.token.TokenIssuer;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.user.UserView;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Opens the session of somebody who has proven who they are, on the device they name or a new one,
/// if the rules allow it. Whatever held that device before ends with it.
@Singleton
class OpenCompatSession {
  private static final Logger LOG = Logger.getLogger(OpenCompatSession.class);
  private static final Scope SCOPE = Scope.of(List.of(MatrixScope.STABLE_API));
  private static final String FORBIDDEN = "M_FORBIDDEN";
  private static final int DEVICE_ID_LENGTH = 10;

  /// What the homeserver takes.
  private static final int DEVICE_NAME_LIMIT = 100;

  /// What the session is given for, where that can be over by the time it opens.
  interface Ticket {
    /// The browser session the login went through, if it did.
    @Nullable UUID browserSession();

    /// The app password it was proven with, if it was.
    default @Nullable UUID appPassword() {
      return null;
    }

    /// Uses it, in the transaction that opens the session, or refuses.
    void use(UUID session, Instant now) throws SQLException;
  }

  private final CompatSessionRepository sessions;
  private final SessionCensusRepository census;
  private final SessionsConfig config;
  private final OpenSession openSession;
  private final EndSession endSession;
  private final TokenIssuer issuer;
  private final TokensConfig tokens;
  private final Policies policies;
  private final Homeserver homeserver;
  private final Randomness randomness;

  OpenCompatSession(
      CompatSessionRepository sessions,
      SessionCensusRepository census,
      SessionsConfig config,
      OpenSession openSession,
      EndSession endSession,
      TokenIssuer issuer,
      TokensConfig tokens,
      Policies policies,
      Homeserver homeserver,
      Randomness randomness) {
    this.sessions = sessions;
    this.census = census;
    this.config = config;
    this.openSession = openSession;
    this.endSession = endSession;
    this.issuer = issuer;
    this.tokens = tokens;
    this.policies = policies;
    this.homeserver = homeserver;
    this.randomness = randomness;
  }

  /// @param type of the login, as rules see it
  /// @param ticket null if nothing is used up
  LoginAnswer handle(
      UserView user,
      String type,
      LoginRequest.Wishes wishes,
      @Nullable Ticket ticket,
      Requester requester)
      throws SQLException {
    var device = wishes.device().orElseGet(() -> randomness.alphanumeric(DEVICE_ID_LENGTH));
    var name = wishes.deviceName().map(OpenCompatSession::cut).orElse(null);
    var replaces = census.count(user.id(), device).onDevice();
    var login = new Login(user, type, device, replaces, requester);
    // Before the homeserver hears of it, and again when nobody else can open one.
    requireAllowed(login);
    var row = new Row(login, name, wishes.refreshes(), ticket);
    var session =
        openSession.handle(new OpenSession.Holder(user.id(), user.username(), device, name), row);
    var answer =
        wishes.refreshes()
            ? new LoginAnswer.Tokens.Refreshing(issuer.issue(session, session.issuedAt()))
            : new LoginAnswer.Tokens.ForLife(issuer.issueForLife(session));
    return new LoginAnswer(answer, device, homeserver.matrixId(user.username()).toString());
  }

  /// @param type as rules see it
  /// @param replaces whether it takes the device from another session
  private record Login(
      UserView user, String type, String device, boolean replaces, Requester requester) {}

  /// The sessions that have to go for this one, where the admin wants that.
  private List<UUID> requireAllowed(Login login) throws SQLException {
    var user = login.user();
    var counts = census.count(user.id(), login.device()).counts();
    var violations =
        policies.compatLogin(
            user,
            new Policies.CompatLogin(login.type(), null, login.replaces(), counts),
            new Policies.Requester(login.requester().ipAddress(), login.requester().userAgent()));
    if (violations.isEmpty()) {
      return List.of();
    }
    long excess = Violation.sessionsToRemove(violations);
    var limit = config.limit();
    if (excess == 0 || limit.isEmpty()) {
      throw denied(violations);
    }
    var oldest =
        limit.get().evicts()
            ? census.leastUsedCompat(user.id(), login.device(), excess)
            : List.<UUID>of();
    if (oldest.size() < excess) {
      throw new MatrixProblem(
          403,
          FORBIDDEN,
          "You have reached your hard device limit. Please visit your account page to sign some"
              + " out.");
    }
    return oldest;
  }

  private static MatrixProblem denied(List<Violation> violations) {
    return new MatrixProblem(
        403,
        FORBIDDEN,
        "Login denied by the policy enforced by this service",
        String.join("; ", violations.stream().map(Violation::message).toList()));
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= DEVICE_NAME_LIMIT
        ? name
        : name.substring(0, name.offsetByCodePoints(0, DEVICE_NAME_LIMIT));
  }

  /// The session of a login.
  private final class Row implements OpenSession.Row {
    private final Login login;
    private final @Nullable String name;
    private final boolean refreshes;
    private final @Nullable Ticket ticket;

    Row(Login login, @Nullable String name, boolean refreshes, @Nullable Ticket ticket) {
      this.login = login;
      this.name = name;
      this.refreshes = refreshes;
      this.ticket = ticket;
    }

    @Override
    public UUID begin(UUID id, Minting minting) throws SQLException {
      var ttl = Math.toIntExact(tokens.ttl(SessionKind.COMPAT).toSeconds());
      var opening =
          new CompatSessionRepository.Opening(
              id,
              login.user().id(),
              ticket == null ? null : ticket.browserSession(),
              ticket == null ? null : ticket.appPassword(),
              SCOPE,
              login.device(),
              randomness.nextLong(),
              refreshes ? ttl : null,
              minting.tokenKey(),
              name,
              login.requester().userAgent(),
              login.requester().ipAddress());
      sessions.begin(opening, minting.now());
      return id;
    }

    @Override
    public void prepare(UUID session, Minting minting) throws SQLException {
      if (ticket != null) {
        ticket.use(session, minting.now());
      }
    }

    @Override
    public boolean open(UUID session, Minting minting) throws SQLException {
      if (config.limit().isPresent()) {
        makeRoom();
      }
      return sessions.open(session, minting.tokenKey(), minting.now());
    }

    /// One login of a user opens at a time, so two are never both the last that is allowed.
    private void makeRoom() throws SQLException {
      var evicted = requireAllowed(login);
      if (!evicted.isEmpty()) {
        endSession.handleAll(evicted, FinishReason.EVICTED);
      }
    }

    /// The homeserver may have made the device although nobody heard its answer, so that goes too.
    @Override
    public void giveUp(UUID session) {
      try {
        endSession.handle(session, FinishReason.NEVER_OPENED);
      } catch (RuntimeException e) {
        LOG.debugf("a session that never opened is left to the clean-up: %s", e.getMessage());
      }
    }
  }
}
