package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Forgets people of providers who were seen and got no account, or whose link was taken away. Who
/// of them comes again is seen for the first time.
@Singleton
class CleanUpUpstreamLinks implements RecurringJob {
  private static final Duration KEPT = Duration.ofDays(7);

  private final UpstreamLinkRepository links;
  private final Clock clock;

  CleanUpUpstreamLinks(UpstreamLinkRepository links, Clock clock) {
    this.links = links;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-upstream-links";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    return links.deleteNobodys(clock.instant().minus(KEPT), BATCH) == BATCH;
  }
}
