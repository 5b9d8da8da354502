package latchkey.domain.token.history;

/// One thing that happens. What `a` and `b` mean depends on the kind; each is taken modulo what
/// there is, so that a history stays playable whatever is removed from it. An event that has
/// nothing to act on does nothing.
public record Event(Kind kind, int a, int b) {
  public enum Kind {
    /// Process `a` reads the store.
    READ,
    /// Process `a` sends what it has read to replica `b`.
    ASK,
    /// The request sent `a` before the last arrives.
    ARRIVE,
    /// The same, and a copy of it stays under way.
    ARRIVE_TWICE,
    LOSE_REQUEST,
    /// The reply sent `a` before the last is received, and stored if the store still holds what was
    /// asked with.
    RECEIVE,
    LOSE_REPLY,
    /// Process `a` uses its access token at replica `b`: the homeserver introspects it.
    USE,
    /// The same at userinfo.
    USERINFO,
    /// Process `a` is in place `b` now.
    MOVE,
    /// Process `a` is program `b` now.
    RENAME,
    /// Process `a` is restarted: it forgets, and hears no reply.
    RESTART,
    WAIT,
    /// The database's clock is set back.
    CLOCK_BACK,
    STEAL_STORE,
    STEAL_MEMORY,
    STEAL_REPLY,
    /// The thief sends what he stole `a` before the last to replica `b`.
    THIEF_ASK,
    THIEF_USE,
    THIEF_MOVE,
    THIEF_RENAME,
    /// Replica `a` writes down what it saw in use.
    FLUSH,
    CRASH,
    LOCK,
    UNLOCK,
    DEACTIVATE,
    /// The client (`a` even) or the thief revokes a token.
    REVOKE,
    /// The database comes back as it was before the last `a` + 1 changes.
    FAIL_OVER,
    /// … as it was before the session began.
    VANISH,
    ACCEPT_LOSS,
    /// Replica `a` is started with every key; and mints with key `b`, or has it withdrawn.
    ADD_KEY,
    MINT,
    WITHDRAW,
    /// A token that is almost the client's, made as `a` says, at replica `b`.
    FORGE,
    /// The client's token from somebody who is not the client.
    WRONG_CLIENT
  }

  static Event of(Kind kind) {
    return new Event(kind, 0, 0);
  }

  static Event of(Kind kind, int a) {
    return new Event(kind, a, 0);
  }

  static Event of(Kind kind, int a, int b) {
    return new Event(kind, a, b);
  }

  @Override
  public String toString() {
    return kind + " " + a + " " + b;
  }
}
