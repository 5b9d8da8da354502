package latchkey.domain.notice;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What the mails can look like.
public final class NoticeSamples implements PageSamples {
  private static final String LINK = "https://auth.example.com/notices/01KB0000000000000000000004";

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("ended", new SessionEndedMail(frame, "example.com", "alice", told(false))),
        new Sample("asks", new SuspicionMail(frame, "example.com", "alice", told(true), LINK)));
  }

  /// Somebody in another network, with another program.
  public static Told told(boolean question) {
    return new Told(
        question,
        "Element",
        "Element on Firefox",
        "ABCDEFGHIJ",
        "November 26, 2026, 4:18 AM",
        new Told.Spot(
            "203.0.113.7",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        new Told.Spot("2001:db8:1234:5678:9abc:def0:1234:5678", question ? "js-sdk" : null));
  }

  /// A session of which little is known.
  public static Told scanty() {
    return new Told(
        false,
        "Element",
        "Element on an unknown device",
        null,
        "November 25, 2026, 11:02 PM",
        new Told.Spot(null, null),
        new Told.Spot("198.51.100.9", "curl/8.14"));
  }
}
