package latchkey.domain.session;

import java.util.List;

/// Made-up sessions, for the samples of pages.
public final class SessionSamples {
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  private SessionSamples() {}

  public static List<SeenSession> apps() {
    return List.of(app(), longNames(), unused());
  }

  public static SeenSession app() {
    return new SeenSession(
        "01KB0000000000000000000004",
        SessionKind.OAUTH,
        "Element on Firefox",
        "Element",
        "ABCDEFGHIJ",
        null,
        "Nov 26, 2026, 10:47 AM UTC",
        "Nov 26, 2026, 10:50 AM UTC",
        true,
        false,
        "2001:db8:1234:5678:9abc:def0:1234:5678",
        FIREFOX,
        false);
  }

  public static SeenSession longNames() {
    return new SeenSession(
        "01KB0000000000000000000005",
        SessionKind.COMPAT,
        "The_quite_remarkably_long_name_of_a_device_that_somebody_has_typed_without_a_blank",
        null,
        "DEVICE".repeat(30),
        "Thunderbird on the old laptop",
        "Nov 20, 2026, 10:47 AM UTC",
        "Nov 21, 2026, 10:47 AM UTC",
        false,
        false,
        "192.0.2.7",
        "matrix-nio/0.25 " + "x".repeat(40),
        false);
  }

  private static SeenSession unused() {
    return new SeenSession(
        "01KB0000000000000000000006",
        SessionKind.OAUTH,
        "Fractal on an unknown device",
        "Fractal",
        null,
        null,
        "Jan 1, 2026, 10:47 AM UTC",
        null,
        false,
        true,
        null,
        null,
        false);
  }

  /// @param here whether it is the one that asks
  public static SeenSession browser(boolean here) {
    return new SeenSession(
        "01KB0000000000000000000007",
        SessionKind.BROWSER,
        "Firefox",
        null,
        null,
        null,
        "Nov 26, 2026, 10:47 AM UTC",
        "Nov 26, 2026, 10:50 AM UTC",
        here,
        false,
        "192.0.2.7",
        FIREFOX,
        here);
  }
}
