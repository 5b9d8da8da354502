package latchkey.domain.token;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import latchkey.domain.token.history.Keys;
import latchkey.domain.token.history.Observed;
import latchkey.domain.token.history.Reply;
import latchkey.domain.token.history.Server;
import latchkey.domain.token.history.Setup;
import latchkey.domain.token.history.Token;
import latchkey.domain.token.history.Who;
import latchkey.domain.token.history.Worth;

/// The engine with one session in it: some replicas on the real database, of which the first may be
/// the application itself over HTTP.
final class EngineServer implements Server {
  private final EngineServers servers;
  private final Setup setup;
  private final Instant begun;
  private final SessionRow row;
  private final ReplicaInside.Shared shared;
  private final Map<Integer, TokenKey> keys;
  private final List<Replica> replicas = new ArrayList<>();
  private final Keys[] started;
  private final Forge forge;
  private final Held first;
  private Instant now;

  EngineServer(
      EngineServers servers,
      Setup setup,
      Instant begun,
      SessionRow row,
      ReplicaInside.Shared shared,
      Replica application)
      throws SQLException {
    this.servers = servers;
    this.setup = setup;
    this.begun = begun;
    this.now = begun;
    this.row = row;
    this.shared = shared;
    var known = servers.keys();
    this.keys = Map.of(1, known.getFirst(), 2, known.getLast(), 3, key(3));
    this.started = new Keys[setup.replicas()];
    for (int i = 0; i < setup.replicas(); i++) {
      boolean isApplication = i == 0 && setup.overHttp();
      started[i] = isApplication ? ofApplication(known.getLast()) : Keys.FIRST;
      replicas.add(isApplication ? application : inside(Keys.FIRST));
    }
    this.first = begin();
    this.forge =
        new Forge(
            List.copyOf(keys.values()),
            servers.firstTokens(row.id(), begun),
            servers.otherSession());
  }

  private static Keys ofApplication(TokenKey second) {
    var from = java.util.Objects.requireNonNull(second.mintFrom()).getEpochSecond();
    return new Keys(Set.of(1, 2), Set.of(), 1, from);
  }

  private static TokenKey key(int id) {
    var secret = "a key for histories, number " + id + ", and no other use";
    return new TokenKey(id, secret.getBytes(StandardCharsets.UTF_8), null, false);
  }

  private ReplicaInside inside(Keys start) {
    var list =
        start.known().stream()
            // Without a time to start at, the first of the list makes new tokens.
            .sorted(Comparator.comparing(id -> id == start.mint() ? 0 : id))
            .map(id -> keys.get(id))
            .map(key -> withdrawn(key, start.withdrawn().contains(key.id())))
            .toList();
    return new ReplicaInside(shared, setup, list);
  }

  private static TokenKey withdrawn(TokenKey key, boolean withdrawn) {
    return new TokenKey(key.id(), key.secret(), null, withdrawn);
  }

  private Held begin() throws SQLException {
    if (setup.imported() == Setup.Imported.NOTHING) {
      return servers.firstTokens(row.id(), begun);
    }
    var refresh = foreign(TokenKind.OAUTH_REFRESH, 0, null);
    if (setup.imported() == Setup.Imported.PAIR) {
      foreign(TokenKind.OAUTH_REFRESH, 1, null);
      row.hasSuccessor();
    }
    var access = foreign(TokenKind.OAUTH_ACCESS, 0, begun.plusSeconds(Setup.TTL));
    return new Held(refresh, access);
  }

  private String foreign(
      TokenKind kind, long generation, @org.jspecify.annotations.Nullable Instant expiresAt)
      throws SQLException {
    var text = kind.prefix() + "_" + servers.alphanumeric(30);
    text += "_" + CheckDigits.of(text);
    row.add(new SessionRow.ForeignToken(text, kind, generation, expiresAt));
    return text;
  }

  @Override
  public Held first() {
    return first;
  }

  @Override
  public Token meaning(String token) {
    int key = setup.imported() == Setup.Imported.NOTHING ? 1 : Token.FOREIGN;
    long issuedAt = begun.getEpochSecond();
    return token.equals(first.refresh())
        ? Token.refresh(0, issuedAt, key)
        : Token.access(0, issuedAt, issuedAt + Setup.TTL, key);
  }

  @Override
  public long start() {
    return begun.getEpochSecond();
  }

  @Override
  public Keys keys(int replica) {
    return started[replica];
  }

  @Override
  public void time(long seconds) {
    now = Instant.ofEpochSecond(seconds);
    servers.time(now);
  }

  @Override
  public Reply refresh(int replica, String token, Proof proof, Who who) {
    return hearing(() -> replicas.get(replica).refresh(token, proof, who));
  }

  @Override
  public Worth use(int replica, String token, boolean atUserinfo) {
    // A rotation tells nobody, so what is remembered of uses may be behind; here it is not.
    replicas.get(replica).hear(row.id());
    return replicas.get(replica).use(token, atUserinfo);
  }

  @Override
  public long generation(String refreshToken) {
    return forge.read(refreshToken).generation();
  }

  @Override
  public String forge(Forgery forgery, String token) {
    return forge.almost(forgery, token);
  }

  @Override
  public void flush(int replica) {
    hearing(
        () -> {
          replicas.get(replica).flush();
          return true;
        });
  }

  @Override
  public void crash(int replica) {
    replicas.set(replica, inside(started[replica]));
  }

  @Override
  public void configure(int replica, Keys start) {
    started[replica] = start;
    var fresh = inside(start);
    replicas.set(replica, fresh);
    hearing(
        () -> {
          fresh.reconcileKeys();
          return true;
        });
  }

  @Override
  public void lock(boolean locked) {
    happen(() -> row.lock(locked));
  }

  @Override
  public void deactivate() {
    happen(row::deactivate);
  }

  @Override
  public void revoke(int replica, String token) {
    happen(() -> replicas.get(replica).revoke(token));
  }

  @Override
  public void backUp() {
    happen(row::backUp);
  }

  @Override
  public void restore(int backup) {
    happen(() -> row.restore(backup));
  }

  @Override
  public void vanish() {
    happen(row::vanish);
  }

  @Override
  public void acceptLoss() {
    happen(() -> row.acceptLoss(now));
  }

  @Override
  public Observed observe() {
    try {
      return row.observe(() -> servers.hasDevice(row));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    happen(row::cleanUp);
  }

  private interface Deed<T> {
    T perform() throws SQLException;
  }

  private interface Happening {
    void happen() throws SQLException;
  }

  private void happen(Happening happening) {
    hearing(
        () -> {
          happening.happen();
          return true;
        });
  }

  /// Does something that may change the session, and lets every replica hear of it.
  private <T> T hearing(Deed<T> deed) {
    try {
      var outcome = deed.perform();
      replicas.forEach(replica -> replica.hear(row.id()));
      return outcome;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
