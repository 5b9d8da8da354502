package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseState;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.SessionExpiry;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.session.UsedGenerationsFlush;
import latchkey.domain.token.history.Server;
import latchkey.domain.token.history.Setup;
import latchkey.domain.token.history.Trial;
import latchkey.world.FakeHomeserver;
import latchkey.world.MovableClock;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;

/// Starts sessions for histories to be played with, one after the other.
@Singleton
class EngineServers implements Trial.Servers {
  private final DataSource database;
  private final DatabaseState state;
  private final EndSession endSession;
  private final EndMisusedSession endMisusedSession;
  private final EngineEvents events;
  private final SessionExpiry expiry;
  private final MovableClock clock;
  private final UsedGenerationsFlush flush;
  private final Changes changes;
  private final SessionTokensRepository sessions;
  private final TokenIssuer issuer;
  private final TokenKeys keys;
  private final FakeHomeserver homeserver;
  private final Randomness randomness;
  private final World world;
  private @Nullable UUID publicClient;
  private @Nullable UUID otherClient;
  private @Nullable UUID otherSession;

  EngineServers(
      DataSource database,
      DatabaseState state,
      EndSession endSession,
      EndMisusedSession endMisusedSession,
      EngineEvents events,
      SessionExpiry expiry,
      MovableClock clock,
      UsedGenerationsFlush flush,
      Changes changes,
      SessionTokensRepository sessions,
      TokenIssuer issuer,
      TokenKeys keys,
      FakeHomeserver homeserver,
      Randomness randomness,
      World world) {
    this.database = database;
    this.state = state;
    this.endSession = endSession;
    this.endMisusedSession = endMisusedSession;
    this.events = events;
    this.expiry = expiry;
    this.clock = clock;
    this.flush = flush;
    this.changes = changes;
    this.sessions = sessions;
    this.issuer = issuer;
    this.keys = keys;
    this.homeserver = homeserver;
    this.randomness = randomness;
    this.world = world;
  }

  /// Uses are written down only when a history says so.
  void prepare() throws SQLException {
    publicClient = Ids.parse(world.aPublicClient()).orElseThrow();
    var other = World.metadata();
    other.put("client_name", "Somebody else");
    otherClient = Ids.parse(world.register(other).jsonPath().getString("client_id")).orElseThrow();
    otherSession = begin(otherClient, clock.instant()).id();
    flush.stop();
  }

  void release() {
    clock.release();
    flush.start();
  }

  @Override
  public Server start(Setup setup) {
    var begun = Instant.ofEpochSecond(clock.instant().getEpochSecond() + 2);
    clock.hold(begun);
    try {
      return start(setup, begun);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Server start(Setup setup, Instant begun) throws SQLException {
    boolean isSecret = setup.client() == Setup.ClientKind.SECRET;
    var client = isSecret ? Ids.parse(World.CONFIDENTIAL).orElseThrow() : publicClient;
    var other = java.util.Objects.requireNonNull(otherClient);
    var row = begin(client, begun);
    homeserver.upsertDevice(row.username(), row.device(), null);
    var shared =
        new ReplicaInside.Shared(
            database, state, endSession, endMisusedSession, events, expiry, clock, client, other);
    var application =
        new ReplicaOverHttp(
            flush, changes, client, other, isSecret ? World.CONFIDENTIAL_SECRET : null);
    return new EngineServer(this, setup, begun, row, shared, application);
  }

  private SessionRow begin(UUID client, Instant begun) throws SQLException {
    var ids = new Ids(randomness);
    var row = new SessionRow(database, ids.next(begun), ids.next(begun), begun);
    row.begin(client, randomness.nextLong());
    return row;
  }

  void time(Instant now) {
    clock.hold(now);
  }

  Server.Held firstTokens(UUID session, Instant now) throws SQLException {
    var tokens = issuer.issue(sessions.find(session).orElseThrow(), now);
    return new Server.Held(tokens.refresh().reveal(), tokens.access().reveal());
  }

  /// The two keys of the application; the second makes new tokens from some time on.
  List<TokenKey> keys() {
    return List.of(keys.find(1).orElseThrow(), keys.find(2).orElseThrow());
  }

  boolean hasDevice(SessionRow row) {
    return homeserver.devices(row.username()).contains(row.device());
  }

  String alphanumeric(int length) {
    return randomness.alphanumeric(length);
  }

  UUID otherSession() {
    return java.util.Objects.requireNonNull(otherSession);
  }
}
