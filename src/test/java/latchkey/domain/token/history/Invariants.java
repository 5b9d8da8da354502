package latchkey.domain.token.history;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold whatever the rules are: it knows nothing of the model, only what was asked, what
/// was answered, and what can be seen of the session.
final class Invariants {
  /// A refresh token was presented, by its very client, to a server that could judge it.
  record Presented(
      boolean honest, boolean fromStore, int replica, long generation, Who who, long now) {}

  private final Setup setup;
  private final long patience;
  private final long begun;
  private final long[] pendingUse;
  private final Set<Who> presenters = new HashSet<>();
  private final Set<Long> collided = new HashSet<>();
  private boolean excused;
  private boolean over;
  private boolean rotationKnown = true;
  private long top;
  private long used = -1;
  private long rotatedAt;
  private @Nullable Who rotator;
  private @Nullable String demand;

  Invariants(Setup setup, long top, long now) {
    this.setup = setup;
    this.patience = Math.max(setup.leeway(), setup.settling());
    this.pendingUse = new long[setup.replicas()];
    Arrays.fill(pendingUse, -1);
    this.begun = top;
    this.top = top;
    this.rotatedAt = now;
  }

  /// From here on nobody can hold the engine to keeping the client signed in: somebody else used
  /// its tokens, or it was ended by right.
  void excuse() {
    excused = true;
  }

  boolean isExcused() {
    return excused;
  }

  boolean isOver() {
    return over;
  }

  /// @param answeredGeneration of the refresh token in the reply
  /// @param isNew whether that token was never seen before
  void presented(Presented presented, Reply reply, long answeredGeneration, boolean isNew) {
    if (presented.honest() && !presented.fromStore() && mayBeTakenForAThief(presented)) {
      excuse();
    }
    check(!over || !reply.isGranted(), "a refresh token worked after the session had ended");
    boolean isCaught = rotationKnown && isProvenReuse(presented);
    if (reply.isGranted()) {
      presenters.add(presented.who());
      // One branch: what comes after a generation is the next one, whoever asks.
      check(
          answeredGeneration == presented.generation() + 1,
          "generation %d was answered with %d"
              .formatted(presented.generation(), answeredGeneration));
      noteAnswer(presented, answeredGeneration, isNew);
    } else if (presented.honest()) {
      check(excused || reply.status() == 503, "an honest client was refused for good");
    }
    if (isCaught && !over) {
      check(reply.status() == 400, "a proven reuse was not refused");
      demand = "refresh_token_reused";
    }
  }

  /// The client's own request, at a moment when nobody could judge it.
  void unjudged(Reply reply) {
    check(excused || reply.status() == 503, "an honest client was refused for good");
  }

  /// An own old copy that comes late, or from somewhere else, looks like a thief's. Nobody can
  /// tell.
  private boolean mayBeTakenForAThief(Presented presented) {
    if (!rotationKnown) {
      return true;
    }
    long elapsed = Math.max(0, presented.now() - rotatedAt);
    boolean inLeeway = presented.generation() == top - 1 && elapsed < setup.leeway();
    boolean settles =
        elapsed < setup.settling() && rotator != null && rotator.sharesNetworkWith(presented.who());
    return !inLeeway && !settles;
  }

  /// Its successor was used, and that long ago that no delay explains it.
  private boolean isProvenReuse(Presented presented) {
    boolean successorUsed = Math.max(used, pendingUse[presented.replica()]) >= top;
    boolean old = presented.generation() < top - (successorUsed ? 0 : 1);
    return old && presented.now() - rotatedAt >= patience;
  }

  private void noteAnswer(Presented presented, long answered, boolean isNew) {
    used = Math.max(used, presented.generation());
    if (rotationKnown ? answered > top : isNew && answered > begun) {
      top = answered;
      rotatedAt = presented.now();
      rotator = presented.who();
      rotationKnown = true;
    } else if (rotationKnown && rotator != null && rotator.differsFrom(presented.who())) {
      collided.add(top);
    }
  }

  void used(int replica, long generation, Worth worth) {
    check(!over || worth != Worth.ACTIVE, "an access token worked after the session had ended");
    if (worth == Worth.ACTIVE) {
      pendingUse[replica] = Math.max(pendingUse[replica], generation);
    }
  }

  void flushed(int replica) {
    used = Math.max(used, pendingUse[replica]);
    pendingUse[replica] = -1;
  }

  void crashed(int replica) {
    pendingUse[replica] = -1;
  }

  /// The database forgot: what it knew of the last rotation and of uses is anybody's guess.
  void forgot() {
    rotationKnown = false;
    used = -1;
    Arrays.fill(pendingUse, -1);
    collided.clear();
    over = false;
  }

  /// After each step.
  void settled(Observed observed) {
    if (demand != null) {
      check(observed.isOver(), "the session lives on after a proven reuse");
      check(observed.reused() > 0, "nobody was told of a reuse");
      demand = null;
    }
    check(!observed.isOver() || observed.deviceGoes(), "the session ended and its device stays");
    check(!observed.isOver() || over || excused, "an honest session ended: " + observed.finished());
    check(
        !isShadowed() || observed.suspected() > 0,
        "a lockstep thief was not reported within three generations");
    check(observed.suspected() == 0 || !areInOnePlace(), "two tabs in one place were suspected");
    over = observed.isOver();
  }

  private boolean isShadowed() {
    return rotationKnown
        && collided.contains(top)
        && collided.contains(top - 1)
        && collided.contains(top - 2);
  }

  private boolean areInOnePlace() {
    return presenters.stream().noneMatch(one -> presenters.stream().anyMatch(one::differsFrom));
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
