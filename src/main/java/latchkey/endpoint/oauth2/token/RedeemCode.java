package latchkey.endpoint.oauth2.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
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
import latchkey.domain.token.OpenSession;
import latchkey.domain.token.OpenSession.Minting;
import latchkey.domain.token.TokenIssuer;
import latchkey.domain.token.TokenPair;
import latchkey.domain.token.TokensConfig;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Opens the session of a proven code: begun under the code's lease, opened together with the code
/// being consumed. What fails in between leaves the code good, and the retry goes on with the
/// session begun.
@Singleton
class RedeemCode {
  private static final Logger LOG = Logger.getLogger(RedeemCode.class);
  private static final Duration COME_BACK = Duration.ofSeconds(2);

  private final CodeGrantRepository grants;
  private final OpenSession openSession;
  private final TokenIssuer issuer;
  private final TokensConfig config;
  private final Templates templates;
  private final Clock clock;
  private final Ids ids;
  private final Randomness randomness;

  RedeemCode(
      CodeGrantRepository grants,
      OpenSession openSession,
      TokenIssuer issuer,
      TokensConfig config,
      Templates templates,
      Clock clock,
      Ids ids,
      Randomness randomness) {
    this.grants = grants;
    this.openSession = openSession;
    this.issuer = issuer;
    this.config = config;
    this.templates = templates;
    this.clock = clock;
    this.ids = ids;
    this.randomness = randomness;
  }

  TokenPair handle(CodeGrant grant, ClientView client, Requester requester) throws SQLException {
    var device = MatrixScope.deviceId(grant.scope()).orElse(null);
    var consenter = grant.consenter();
    var deviceName =
        DeviceName.of(
            templates.catalogue().in(grant.locale()), client.displayName(), requester.userAgent());
    var holder = new OpenSession.Holder(consenter.user(), consenter.username(), device, deviceName);
    var lease = ids.next(clock.instant());
    var session = openSession.handle(holder, new CodeSession(grant, device, requester, lease));
    // Of the moment it was opened: a second that has passed since is no second of the token's life.
    return issuer.issue(session, session.issuedAt());
  }

  /// The session of a code.
  private final class CodeSession implements OpenSession.Row {
    private final CodeGrant grant;
    private final @Nullable String device;
    private final Requester requester;
    private final UUID lease;

    CodeSession(CodeGrant grant, @Nullable String device, Requester requester, UUID lease) {
      this.grant = grant;
      this.device = device;
      this.requester = requester;
      this.lease = lease;
    }

    @Override
    public UUID begin(UUID id, Minting minting) throws SQLException {
      var opening =
          new CodeGrantRepository.Opening(
              id,
              grant.clientId(),
              grant.consenter().user(),
              grant.consenter().browserSession(),
              grant.scope(),
              device,
              randomness.nextLong(),
              ttl(),
              minting.tokenKey(),
              requester.userAgent(),
              requester.ipAddress());
      return grants
          .lease(grant.id(), lease, opening, minting.now())
          .orElseThrow(
              () ->
                  OAuthProblem.temporarilyUnavailable(
                      COME_BACK, "somebody else exchanges the code at this moment"));
    }

    @Override
    public boolean open(UUID session, Minting minting) throws SQLException {
      return grants.consume(grant.id(), lease, ttl(), minting.tokenKey(), minting.now());
    }

    @Override
    public void giveUp(UUID session) {
      try {
        grants.release(grant.id(), lease);
      } catch (SQLException e) {
        LOG.debugf("a code is left to its lease's deadline: %s", e.getMessage());
      }
    }
  }

  private int ttl() {
    return Math.toIntExact(config.accessTokenTtl().toSeconds());
  }
}
