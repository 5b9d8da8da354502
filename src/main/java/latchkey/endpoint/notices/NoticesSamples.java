package latchkey.endpoint.notices;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.notice.NoticeSamples;
import latchkey.domain.notice.Told;

/// What the pages of this room can look like.
public final class NoticesSamples implements PageSamples {
  private static final String ALICE = "@alice:example.com";

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("one", page(frame, List.of(NoticeSamples.told(false)))),
        new Sample(
            "several", page(frame, List.of(NoticeSamples.told(false), NoticeSamples.scanty()))),
        new Sample(
            "asks",
            new SuspicionPage(frame, "csrf", "notices/id", ALICE, NoticeSamples.told(true))));
  }

  private static NoticesPage page(Frame frame, List<Told> told) {
    return new NoticesPage(frame, "csrf", "notices", "example.com", ALICE, told, "id");
  }
}
