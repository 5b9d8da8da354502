package latchkey.domain.token;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.StaleIfError;
import latchkey.domain.session.Activity;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.ReplicaMemory;
import latchkey.domain.session.SessionDevicesRepository;
import latchkey.domain.session.SessionExpiry;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.token.history.Reply;
import latchkey.domain.token.history.Server.Proof;
import latchkey.domain.token.history.Setup;
import latchkey.domain.token.history.Who;
import latchkey.domain.token.history.Worth;

/// One more server in this process: the engine's own classes with caches, marks, keys and settings
/// of their own.
final class ReplicaInside implements Replica {
  /// What all replicas share.
  record Shared(
      DataSource database,
      DatabaseState state,
      EndSession endSession,
      EndMisusedSession endMisusedSession,
      EngineEvents events,
      SessionExpiry expiry,
      Clock clock,
      UUID client,
      UUID otherClient) {}

  private final Shared shared;
  private final ReplicaMemory memory;
  private final TokenCodec codec;
  private final TokenKeyRegistry registry;
  private final RotateRefreshToken rotate;
  private final CheckToken check;
  private final RevokeToken revoke;

  ReplicaInside(Shared shared, Setup setup, List<TokenKey> all) {
    this.shared = shared;
    var config =
        new TokensConfig(
            Duration.ofSeconds(Setup.TTL),
            Duration.ofSeconds(Setup.TTL),
            List.of(),
            Duration.ofSeconds(setup.leeway()),
            Duration.ofSeconds(setup.settling()),
            setup.endOnSuspicion(),
            Duration.ZERO);
    var keys = new TokenKeys(all);
    var database = shared.database();
    var sessions = new SessionTokensRepository(database);
    codec = new TokenCodec(keys);
    memory = new ReplicaMemory(database, shared.state());
    registry = new TokenKeyRegistry(keys, new TokenKeyRepository(database), shared.clock());
    var withdrawnKeys =
        new WithdrawnKeys(
            keys,
            new TokenKeyRepository(database),
            memory.changes(),
            shared.state(),
            new StaleIfError(Duration.ZERO),
            new SimpleMeterRegistry());
    var reader =
        new TokenReader(codec, withdrawnKeys, new ForeignTokenRepository(database, shared.state()));
    var lost =
        new LostSessions(
            new LostSessionRepository(database),
            new SessionDevicesRepository(database),
            new SimpleMeterRegistry(),
            shared.clock());
    rotate =
        new RotateRefreshToken(
            reader,
            sessions,
            memory.used(),
            lost,
            new TokenIssuer(codec, keys, config),
            withdrawnKeys,
            config,
            shared.endMisusedSession(),
            shared.events(),
            new Suspicion(sessions, shared.endSession(), shared.events(), config),
            shared.expiry(),
            shared.endSession(),
            shared.clock());
    check =
        new CheckToken(
            reader, memory.cache(), sessions, memory.used(), lost, shared.expiry(), shared.clock());
    revoke = new RevokeToken(reader, sessions, shared.endSession(), new Activity(), shared.clock());
  }

  TokenCodec codec() {
    return codec;
  }

  /// As at its start.
  void reconcileKeys() throws SQLException {
    try {
      registry.reconcile();
    } catch (TokenKeyRegistry.WrongKeys e) {
      // It would not start without a key that is in use; one that runs already gets along.
    }
  }

  @Override
  public Reply refresh(String token, Proof proof, Who who) throws SQLException {
    var client = proof == Proof.RIGHT ? shared.client() : shared.otherClient();
    var presenter = new Presenter(who.place().address(), who.agent());
    return switch (rotate.handle(
        Secret.of(token), client, presenter, _ -> new Permission.Granted())) {
      case Rotation.Granted(var tokens, _) ->
          Reply.tokens(
              tokens.refresh().reveal(), tokens.access().reveal(), tokens.accessLife().toSeconds());
      case Rotation.Refused _ -> Reply.refused();
      case Rotation.Denied _ -> throw new IllegalStateException("everything is allowed here");
      case Rotation.TryAgain(var after, _) -> Reply.comeBack(Math.max(1, after.toSeconds()));
    };
  }

  @Override
  public Worth use(String token, boolean atUserinfo) {
    return switch (check.handle(Secret.of(token))) {
      case CheckToken.Outcome.Active(var known, _) ->
          atUserinfo && known.kind() != TokenKind.OAUTH_ACCESS ? Worth.INACTIVE : Worth.ACTIVE;
      case CheckToken.Outcome.Inactive _ -> Worth.INACTIVE;
      case CheckToken.Outcome.Unknown _ -> Worth.UNKNOWN;
    };
  }

  @Override
  public void revoke(String token) throws SQLException {
    try {
      revoke.handle(Secret.of(token), null);
    } catch (TokenReader.UnknownKey e) {
      // 503: nothing happens
    }
  }

  @Override
  public void flush() throws SQLException {
    memory.flush().flush();
  }

  @Override
  public void hear(UUID session) {
    // It asks each time.
  }
}
