package latchkey.domain.token.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import latchkey.domain.token.history.Event.Kind;

/// Makes histories: equal seeds make equal ones. A history has a theme that says what happens in it
/// more often than the rest.
public final class Histories {
  private static final int[] WAITS = {
    1, 5, 29, 30, 31, 60, 149, 150, 151, 179, 180, 181, 210, 299, 300, 301, 3600, 90_000
  };

  private enum Theme {
    NETWORK,
    TWO_PROCESSES,
    THIEF,
    LOCKSTEP,
    KEYS,
    DATABASE,
    EVERYTHING
  }

  private final Random random;
  private final Theme theme;
  private final List<Event> events = new ArrayList<>();

  private Histories(Random random) {
    this.random = random;
    this.theme = Theme.values()[random.nextInt(Theme.values().length)];
  }

  public static History of(long seed) {
    var random = new Random(seed);
    return new Histories(random).make(seed);
  }

  private History make(long seed) {
    var setup = setup();
    int length = 6 + random.nextInt(18);
    for (int i = 0; i < length; i++) {
      scene();
    }
    if (oneIn(4)) {
      last();
    }
    return new History(seed, setup, events);
  }

  private Setup setup() {
    boolean overHttp = !oneIn(3);
    int replicas = theme == Theme.KEYS ? 3 : 1 + random.nextInt(3);
    var imported =
        oneIn(4) ? Setup.Imported.values()[1 + random.nextInt(2)] : Setup.Imported.NOTHING;
    return new Setup(
        overHttp,
        replicas,
        overHttp ? 30 : pick(0, 30, 5),
        overHttp ? 180 : pick(0, 180, 60),
        !overHttp && oneIn(2),
        oneIn(3) ? Setup.ClientKind.SECRET : Setup.ClientKind.PUBLIC,
        imported);
  }

  /// A few events that belong together.
  private void scene() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> round();
      case 4 -> trouble();
      case 5, 6, 7, 8 -> themed(theme);
      case 9 -> themed(Theme.values()[random.nextInt(Theme.values().length)]);
      case 10 -> add(Kind.WAIT, pick(WAITS));
      case 11 -> use();
      default -> throw new IllegalStateException();
    }
  }

  private void themed(Theme theme) {
    switch (theme) {
      case NETWORK -> trouble();
      case TWO_PROCESSES -> race();
      case THIEF -> strike();
      case LOCKSTEP -> lockstep();
      case KEYS -> keys();
      case DATABASE -> database();
      case EVERYTHING -> add(Kind.values()[random.nextInt(Kind.LOCK.ordinal())], any(), any());
    }
  }

  private void round() {
    int process = random.nextInt(2);
    add(Kind.READ, process);
    add(Kind.ASK, process, any());
    add(Kind.ARRIVE);
    add(Kind.RECEIVE);
    use(process);
    if (oneIn(2)) {
      add(Kind.WAIT, pick(WAITS));
    }
  }

  private void use() {
    use(random.nextInt(2));
  }

  private void use(int process) {
    if (!oneIn(3)) {
      add(oneIn(4) ? Kind.USERINFO : Kind.USE, process, any());
      if (oneIn(2)) {
        add(Kind.FLUSH, any());
      }
    }
  }

  private void trouble() {
    int process = random.nextInt(2);
    add(Kind.READ, process);
    switch (random.nextInt(7)) {
      case 0 -> {
        add(Kind.ASK, process, any());
        add(Kind.LOSE_REQUEST);
      }
      case 1 -> {
        add(Kind.ASK, process, any());
        add(Kind.ARRIVE);
        add(Kind.LOSE_REPLY);
        add(Kind.WAIT, pick(WAITS));
      }
      case 2 -> {
        add(Kind.ASK, process, any());
        add(Kind.ARRIVE_TWICE);
        add(Kind.RECEIVE);
        use(process);
        add(Kind.WAIT, pick(1, 20, 29, 31, 120, 181));
        add(Kind.ARRIVE);
        add(Kind.LOSE_REPLY);
      }
      case 3 -> {
        add(Kind.ASK, process, any());
        add(Kind.ASK, process, any());
        add(Kind.ARRIVE, 1);
        add(Kind.ARRIVE);
        add(Kind.RECEIVE, random.nextInt(2));
        add(Kind.RECEIVE);
      }
      case 4 -> add(Kind.MOVE, process, any());
      case 5 -> {
        add(Kind.ASK, process, any());
        add(Kind.ARRIVE);
        add(Kind.RESTART, process);
      }
      case 6 -> add(Kind.RENAME, process, any());
      default -> throw new IllegalStateException();
    }
  }

  private void race() {
    add(Kind.READ, 0);
    add(Kind.READ, 1);
    add(Kind.ASK, 0, any());
    add(Kind.ASK, 1, any());
    if (oneIn(3)) {
      add(Kind.MOVE, 1, any());
    }
    add(Kind.ARRIVE, random.nextInt(2));
    if (oneIn(2)) {
      add(Kind.RECEIVE);
      use();
      add(Kind.WAIT, pick(1, 5, 29, 30, 31, 100, 179));
    }
    add(Kind.ARRIVE);
    add(Kind.RECEIVE);
    add(Kind.RECEIVE);
    use();
  }

  private void strike() {
    switch (random.nextInt(6)) {
      case 0 -> add(Kind.STEAL_STORE);
      case 1 -> add(Kind.STEAL_MEMORY, any());
      case 2 -> {
        add(Kind.READ, 0);
        add(Kind.ASK, 0, any());
        add(Kind.ARRIVE);
        add(Kind.STEAL_REPLY);
        if (oneIn(2)) {
          add(Kind.RECEIVE);
        }
      }
      case 3 -> add(oneIn(2) ? Kind.THIEF_MOVE : Kind.THIEF_RENAME, 0, any());
      default -> {
        add(Kind.THIEF_ASK, random.nextInt(3), any());
        if (!oneIn(3)) {
          add(Kind.THIEF_USE, random.nextInt(2), any());
          add(Kind.FLUSH, any());
        }
        add(Kind.WAIT, pick(WAITS));
      }
    }
  }

  /// The thief rotates first, and uses nothing until the victim did.
  private void lockstep() {
    int rounds = 1 + random.nextInt(4);
    for (int i = 0; i < rounds; i++) {
      boolean thiefFirst = !oneIn(4);
      add(Kind.STEAL_STORE);
      if (thiefFirst) {
        add(Kind.THIEF_ASK, 0, any());
      }
      add(Kind.READ, 0);
      add(Kind.ASK, 0, any());
      add(Kind.ARRIVE);
      add(Kind.RECEIVE);
      if (!thiefFirst) {
        add(Kind.THIEF_ASK, 0, any());
      }
      add(Kind.USE, 0, any());
      add(Kind.THIEF_USE, 0, any());
      add(Kind.FLUSH, any());
      add(Kind.WAIT, pick(60, 300));
    }
  }

  private void keys() {
    switch (random.nextInt(5)) {
      case 0, 1 -> add(Kind.ADD_KEY, any(), any());
      case 2, 3 -> add(Kind.MINT, any(), any());
      case 4 -> add(oneIn(3) ? Kind.WITHDRAW : Kind.CRASH, any(), any());
      default -> throw new IllegalStateException();
    }
    round();
  }

  private void database() {
    switch (random.nextInt(7)) {
      case 0, 1, 2 -> add(Kind.FAIL_OVER, random.nextInt(5));
      case 3 -> add(Kind.CRASH, any());
      case 4 -> add(Kind.CLOCK_BACK, pick(1, 40, 200, 3600));
      case 5 -> {
        add(Kind.LOCK);
        round();
        add(Kind.UNLOCK);
      }
      case 6 -> add(oneIn(2) ? Kind.FORGE : Kind.WRONG_CLIENT, any(), any());
      default -> throw new IllegalStateException();
    }
  }

  /// What nothing much comes after.
  private void last() {
    switch (random.nextInt(5)) {
      case 0 -> add(Kind.DEACTIVATE);
      case 1 -> add(Kind.VANISH);
      case 2 -> {
        add(Kind.VANISH);
        round();
        add(Kind.ACCEPT_LOSS);
      }
      case 3 -> {
        add(Kind.VANISH);
        add(Kind.WAIT, 31 * 86_400);
      }
      default -> add(Kind.REVOKE, any(), any());
    }
    round();
    if (oneIn(2)) {
      add(Kind.FAIL_OVER, random.nextInt(3));
      round();
    }
  }

  private void add(Kind kind, int... numbers) {
    events.add(
        new Event(kind, numbers.length > 0 ? numbers[0] : 0, numbers.length > 1 ? numbers[1] : 0));
  }

  private int any() {
    return random.nextInt(12);
  }

  private int pick(int... values) {
    return values[random.nextInt(values.length)];
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }
}
