package latchkey.endpoint.oauth2.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.database.SqlTrouble;
import latchkey.base.error.OAuthProblem;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.base.web.DeviceName;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Templates;
import latchkey.domain.client.ClientView;
import latchkey.domain.grant.CodeGrant;
import latchkey.domain.grant.CodeGrantRepository;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.ReleaseDevice;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.token.TokenIssuer;
import latchkey.domain.token.TokenPair;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.token.WithdrawnKeys;
import latchkey.domain.user.UserLease;
import org.jboss.logging.Logger;

/// Opens the session of a proven code in two short transactions around the call that makes the
/// device known to the homeserver. The first takes the code's lease and begins the session, the
/// second consumes the code and opens it. A call that fails leaves the code good, and the retry
/// goes on with the session begun.
@Singleton
class OpenSession {
  private static final Logger LOG = Logger.getLogger(OpenSession.class);
  private static final Duration LEASE_PATIENCE = Duration.ofSeconds(2);
  private static final Duration COME_BACK = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 5;

  private final CodeGrantRepository grants;
  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final ReleaseDevice releaseDevice;
  private final Homeserver homeserver;
  private final UserLease leases;
  private final TokenIssuer issuer;
  private final WithdrawnKeys withdrawnKeys;
  private final TokensConfig config;
  private final Templates templates;
  private final Clock clock;
  private final Ids ids;
  private final Randomness randomness;

  OpenSession(
      CodeGrantRepository grants,
      SessionTokensRepository sessions,
      EndSession endSession,
      ReleaseDevice releaseDevice,
      Homeserver homeserver,
      UserLease leases,
      TokenIssuer issuer,
      WithdrawnKeys withdrawnKeys,
      TokensConfig config,
      Templates templates,
      Clock clock,
      Ids ids,
      Randomness randomness) {
    this.grants = grants;
    this.sessions = sessions;
    this.endSession = endSession;
    this.releaseDevice = releaseDevice;
    this.homeserver = homeserver;
    this.leases = leases;
    this.issuer = issuer;
    this.withdrawnKeys = withdrawnKeys;
    this.config = config;
    this.templates = templates;
    this.clock = clock;
    this.ids = ids;
    this.randomness = randomness;
  }

  TokenPair handle(CodeGrant grant, ClientView client, Requester requester) throws SQLException {
    var holder = ids.next(clock.instant());
    var session = begin(grant, holder, requester);
    boolean opened = false;
    try {
      announceDevice(grant, client, requester);
      open(grant, session, holder);
      opened = true;
    } finally {
      if (!opened) {
        release(grant, holder);
      }
    }
    var begun = sessions.find(session).orElseThrow();
    // Of the moment it was opened: a second that has passed since is no second of the token's life.
    return issuer.issue(begun, begun.issuedAt());
  }

  private UUID begin(CodeGrant grant, UUID holder, Requester requester) throws SQLException {
    var now = now();
    var opening =
        new CodeGrantRepository.Opening(
            ids.next(clock.instant()),
            grant.clientId(),
            grant.consenter().user(),
            grant.consenter().browserSession(),
            grant.scope(),
            device(grant).orElse(null),
            randomness.nextLong(),
            ttl(),
            mintingKey(now),
            requester.userAgent(),
            requester.ipAddress());
    return grants
        .lease(grant.id(), holder, opening, now)
        .orElseThrow(
            () ->
                OAuthProblem.temporarilyUnavailable(
                    COME_BACK, "somebody else exchanges the code at this moment"));
  }

  private void announceDevice(CodeGrant grant, ClientView client, Requester requester)
      throws SQLException {
    var device = device(grant);
    if (device.isEmpty()) {
      return;
    }
    var name =
        DeviceName.of(
            templates.catalogue().in(grant.locale()), client.displayName(), requester.userAgent());
    try {
      leases.holding(
          grant.consenter().user(),
          LEASE_PATIENCE,
          () -> homeserver.upsertDevice(grant.consenter().username(), device.get(), name));
    } catch (UserLease.Busy e) {
      throw OAuthProblem.temporarilyUnavailable(COME_BACK, String.valueOf(e.getMessage()));
    } catch (HomeserverProblem e) {
      throw OAuthProblem.temporarilyUnavailable(COME_BACK, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OAuthProblem.temporarilyUnavailable(COME_BACK, "interrupted: the server stops", e);
    }
  }

  /// Another code of the user may open a session on the same device at this moment. Whoever comes
  /// second finds that out by the unique index, and in a second run takes the device over.
  private void open(CodeGrant grant, UUID session, UUID holder) {
    // Outside of the transaction: finding it may take a connection of its own.
    int key = mintingKey(now());
    for (int attempt = 1; ; attempt++) {
      try {
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  takeOver(grant, session, holder, key);
                  return null;
                });
        return;
      } catch (Superseded e) {
        // If the session was ended long ago, what removes its device has run already.
        device(grant).ifPresent(id -> releaseDevice.handle(grant.consenter().user(), id));
        throw OAuthProblem.temporarilyUnavailable(COME_BACK, String.valueOf(e.getMessage()));
      } catch (QuarkusTransactionException e) {
        boolean raced = SqlTrouble.in(e).filter(SqlTrouble::isUniqueViolation).isPresent();
        if (!raced || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void takeOver(CodeGrant grant, UUID session, UUID holder, int key) throws SQLException {
    var device = device(grant);
    if (device.isPresent()) {
      endSession.handleOthersOnDevice(session, grant.consenter().user(), device.get());
    }
    if (!grants.consume(grant.id(), holder, ttl(), key, now())) {
      throw new Superseded();
    }
  }

  /// Rolls the transaction back: the lease was lost, or the session ended, meanwhile.
  private static final class Superseded extends RuntimeException {
    Superseded() {
      super("the code's lease was lost meanwhile, or its session ended", null, false, false);
    }
  }

  private static Optional<String> device(CodeGrant grant) {
    return MatrixScope.deviceId(grant.scope());
  }

  private void release(CodeGrant grant, UUID holder) {
    try {
      grants.release(grant.id(), holder);
    } catch (SQLException e) {
      LOG.debugf("a code is left to its lease's deadline: %s", e.getMessage());
    }
  }

  private int mintingKey(Instant now) {
    return withdrawnKeys
        .minting(now)
        .orElseThrow(
            () ->
                OAuthProblem.temporarilyUnavailable(
                    COME_BACK, "every token key of this server was withdrawn"))
        .id();
  }

  private int ttl() {
    return Math.toIntExact(config.accessTokenTtl().toSeconds());
  }

  /// Tokens carry whole seconds, so rows do too.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
