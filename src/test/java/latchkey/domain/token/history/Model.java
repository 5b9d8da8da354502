package latchkey.domain.token.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of refreshing, as `docs/tokens.md` tells them, over one session and several replicas.
/// It shares no code with the engine: it is what the engine is held against. Time is whatever the
/// caller says it is.
public class Model {
  static final long ROW_RETENTION = 30L * 24 * 3600;
  static final long TELL_AGAIN = 7L * 24 * 3600;

  protected final Setup setup;
  protected @Nullable Row row;
  protected final long[] pending;
  private final Keys[] keys;
  private final List<Set<Token>> lookedUp = new ArrayList<>();
  private final Set<Integer> withdrawn = new HashSet<>();
  private final List<@Nullable Row> backups = new ArrayList<>();
  private boolean locked;
  private boolean deactivated;
  private boolean lossAccepted;
  private int reused;
  private int adopted;
  private int suspected;

  public Model(Setup setup, long now) {
    this.setup = setup;
    this.row =
        setup.imported() == Setup.Imported.PAIR ? Row.begun(1, 0, now) : Row.begun(0, -1, now);
    this.pending = new long[setup.replicas()];
    Arrays.fill(pending, -1);
    this.keys = new Keys[setup.replicas()];
    Arrays.fill(keys, Keys.FIRST);
    for (int replica = 0; replica < setup.replicas(); replica++) {
      lookedUp.add(new HashSet<>());
    }
  }

  /// A replica was started with these keys before the session began.
  void equip(int replica, Keys started) {
    keys[replica] = started;
  }

  // Refreshing

  public Answer refresh(int replica, Token token, boolean rightClient, Who who, long now) {
    var key = keyOf(replica, token);
    if (key == KeyState.UNKNOWN) {
      return new Answer.ComeBack();
    } else if (key == KeyState.WITHDRAWN || token.kind() != Token.Kind.REFRESH) {
      return new Answer.Refused();
    } else if (row == null) {
      return missing(replica, token, now) ? new Answer.ComeBack() : new Answer.Refused();
    } else if (!rightClient || !isOpen(row) || deactivated) {
      return new Answer.Refused();
    } else if (locked) {
      return whileLocked();
    }
    return table(replica, row, token.generation(), who, now);
  }

  protected boolean isOpen(Row row) {
    return row.isLive();
  }

  /// Locking can be undone.
  protected Answer whileLocked() {
    return new Answer.ComeBack();
  }

  /// The table; the first line that matches wins.
  private Answer table(int replica, Row row, long presented, Who who, long now) {
    if (presented == row.generation()) {
      return rotate(replica, row, presented, who, now);
    } else if (presented > row.generation()) {
      return adopt(replica, row, presented, who, now);
    } else if (isLast(row, presented) && !successorInUse(replica, row)) {
      return repeat(replica, row, who, now);
    } else if (isLast(row, presented) && inLeeway(row, now)) {
      return repeat(replica, row, who, now);
    } else if (settles(row, who, now)) {
      return new Answer.ComeBack();
    }
    return reuse(row);
  }

  protected boolean isLast(Row row, long presented) {
    return presented == row.generation() - 1;
  }

  protected boolean successorInUse(int replica, Row row) {
    return Math.max(row.used(), pending[replica]) >= row.generation();
  }

  protected boolean inLeeway(Row row, long now) {
    return elapsed(row, now) < setup.leeway();
  }

  protected boolean settles(Row row, Who who, long now) {
    var rotator = row.rotator();
    return elapsed(row, now) < setup.settling()
        && rotator != null
        && rotator.sharesNetworkWith(who);
  }

  /// A clock that was set back never makes a rotation lie in the future.
  private static long elapsed(Row row, long now) {
    return Math.max(0, now - row.issuedAt());
  }

  protected Answer rotate(int replica, Row row, long presented, Who who, long now) {
    this.row = redeemed(row.rotated(presented, now, mint(replica, now), who), presented);
    return tokens(this.row, now);
  }

  /// A key that was withdrawn anywhere makes no tokens anywhere: the lowest that is left does.
  private int mint(int replica, long now) {
    int wanted = keys[replica].mintAt(now);
    return withdrawn.contains(wanted)
        ? keys[replica].known().stream()
            .filter(key -> !withdrawn.contains(key))
            .min(Integer::compare)
            .orElseThrow()
        : wanted;
  }

  protected Row redeemed(Row row, long presented) {
    return row.withUse(presented);
  }

  protected Answer adopt(int replica, Row row, long presented, Who who, long now) {
    var answer = rotate(replica, row, presented, who, now);
    if (answer instanceof Answer.Tokens) {
      adopted++;
    }
    return answer;
  }

  private Answer repeat(int replica, Row row, Who who, long now) {
    boolean canSpell = keys[replica].known().contains(row.key()) && !withdrawn.contains(row.key());
    if (!canSpell) {
      return new Answer.ComeBack();
    }
    noteCollision(row, who, now);
    var noted = this.row;
    return noted != null && noted.isLive() ? tokens(noted, now) : new Answer.Refused();
  }

  protected Answer reuse(Row row) {
    this.row = row.ended("refresh_token_reused");
    tellOfReuse();
    return new Answer.Refused();
  }

  protected void tellOfReuse() {
    reused++;
  }

  private Answer tokens(Row row, long now) {
    var refresh = Token.refresh(row.generation(), row.issuedAt(), row.key());
    long firstExpiry = row.issuedAt() + Setup.TTL;
    boolean halfLeft = firstExpiry - now >= Setup.TTL / 2;
    long from = halfLeft ? row.issuedAt() : now;
    var access = Token.access(row.generation(), from, from + Setup.TTL, row.key());
    return new Answer.Tokens(refresh, access, access.expiresAt() - now);
  }

  // The lockstep thief

  protected void noteCollision(Row row, Who who, long now) {
    var rotator = row.rotator();
    if (rotator == null || !areTwo(rotator, who)) {
      return;
    }
    if (row.collided() == row.generation()) {
      return;
    }
    row = row.withCollision();
    if (row.collisions() >= 3) {
      row = suspect(row, rotator, who, now);
    }
    this.row = row;
  }

  protected boolean areTwo(Who rotator, Who who) {
    return rotator.differsFrom(who);
  }

  private Row suspect(Row row, Who rotator, Who who, long now) {
    boolean foul = rotator.isElsewhereThan(who) && rotator.hasOtherAgentThan(who);
    boolean ends = setup.endOnSuspicion() && foul;
    boolean isNews = row.suspectedAt() < now - TELL_AGAIN;
    if (isNews) {
      row = row.withSuspicion(now);
    }
    if (isNews || ends) {
      suspected++;
    }
    return ends ? row.ended("suspicion") : row;
  }

  // Access tokens

  public Worth use(int replica, Token token, long now) {
    var key = keyOf(replica, token);
    if (key == KeyState.UNKNOWN) {
      return Worth.UNKNOWN;
    } else if (key == KeyState.WITHDRAWN
        || token.kind() != Token.Kind.ACCESS
        || now >= token.expiresAt()) {
      return Worth.INACTIVE;
    } else if (row == null) {
      return missing(replica, token, now) ? Worth.UNKNOWN : Worth.INACTIVE;
    } else if (!isOpen(row) || locked || deactivated) {
      return Worth.INACTIVE;
    }
    if (token.generation() > row.used()) {
      pending[replica] = Math.max(pending[replica], token.generation());
    }
    return Worth.ACTIVE;
  }

  /// Whether the missing row is a loss, rather than an end.
  private boolean missing(int replica, Token token, long now) {
    // A token that was made elsewhere is known by its own row, which went with the session's; a
    // replica that has looked it up remembers it.
    boolean known = token.key() != Token.FOREIGN || lookedUp.get(replica).contains(token);
    return known && !lossAccepted && now - token.issuedAt() <= ROW_RETENTION;
  }

  private enum KeyState {
    KNOWN,
    UNKNOWN,
    WITHDRAWN
  }

  private KeyState keyOf(int replica, Token token) {
    if (token.key() == Token.FOREIGN) {
      if (row != null) {
        lookedUp.get(replica).add(token);
      }
      return KeyState.KNOWN;
    } else if (withdrawn.contains(token.key())) {
      return KeyState.WITHDRAWN;
    }
    return keys[replica].known().contains(token.key()) ? KeyState.KNOWN : KeyState.UNKNOWN;
  }

  // What happens to a session, its user and its servers

  public void flush(int replica) {
    if (row != null) {
      row = row.withUse(pending[replica]);
    }
    pending[replica] = -1;
  }

  /// The replica dies, and comes back without what it remembered.
  public void crash(int replica) {
    pending[replica] = -1;
    lookedUp.get(replica).clear();
  }

  public void configure(int replica, Keys started) {
    crash(replica);
    keys[replica] = started;
    // Whoever withdraws a key does so for all, and for good.
    withdrawn.addAll(started.withdrawn());
    for (int key : withdrawn) {
      if (row != null && row.isLive() && leansOn(row, key)) {
        row = row.ended("key_withdrawn");
      }
    }
  }

  private static boolean leansOn(Row row, int key) {
    boolean successorUnused = row.used() < row.generation();
    return row.key() == key || (row.previousKey() == key && successorUnused);
  }

  public void lock(boolean locked) {
    this.locked = locked;
  }

  public void deactivate() {
    deactivated = true;
  }

  public void revoke(int replica, Token token) {
    if (row != null && row.isLive() && keyOf(replica, token) == KeyState.KNOWN) {
      row = row.ended("revoked");
    }
  }

  public void backUp() {
    backups.add(row);
  }

  public void restore(int backup) {
    row = backups.get(backup);
  }

  public void vanish() {
    row = null;
  }

  public void acceptLoss() {
    lossAccepted = true;
  }

  // What can be seen of it

  public Keys keys(int replica) {
    return keys[replica];
  }

  public boolean isReadable(int replica, Token token) {
    boolean known = keys[replica].known().contains(token.key());
    boolean dead = withdrawn.contains(token.key());
    return token.key() == Token.FOREIGN || (known && !dead);
  }

  public boolean mayRefresh() {
    return !locked && !deactivated;
  }

  public Observed observe() {
    return row == null
        ? new Observed(false, -1, -1, 0, null, reused, adopted, suspected, true)
        : new Observed(
            true,
            row.generation(),
            row.used(),
            row.issuedAt(),
            row.finished(),
            reused,
            adopted,
            suspected,
            !row.isLive());
  }
}
