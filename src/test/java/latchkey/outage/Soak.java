package latchkey.outage;

import java.time.Duration;

/// How long things last: seconds in every run of the tests, minutes with `-Dlatchkey.soak=MINUTES`.
final class Soak {
  private static final int MINUTES = Integer.getInteger("latchkey.soak", 0);

  private Soak() {}

  static boolean isOn() {
    return MINUTES > 0;
  }

  /// For this long, or for as many minutes as the soak run was given.
  static Duration time(Duration otherwise) {
    return isOn() ? Duration.ofMinutes(MINUTES) : otherwise;
  }

  static int count(int otherwise, int soaking) {
    return isOn() ? soaking : otherwise;
  }
}
