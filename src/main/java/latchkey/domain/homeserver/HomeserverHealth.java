package latchkey.domain.homeserver;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How the homeserver was when it was last asked something, by this process. Told in `/health`, and
/// nowhere acted on: a homeserver that is away is no reason to restart Latchkey.
public final class HomeserverHealth {
  /// @param trouble null when the last call went through
  /// @param since when it became so
  public record State(HomeserverProblem.@Nullable Kind trouble, @Nullable Instant since) {
    /// `well`, `unreachable`, `wrong-secret` and so on; `not-asked` before the first call.
    public String word() {
      if (trouble != null) {
        return trouble.name().toLowerCase(Locale.ROOT).replace('_', '-');
      }
      return since == null ? "not-asked" : "well";
    }
  }

  private final AtomicReference<State> state = new AtomicReference<>(new State(null, null));
  private final Clock clock;

  public HomeserverHealth(Clock clock) {
    this.clock = clock;
  }

  public State state() {
    return state.get();
  }

  /// A refusal of one request comes from a homeserver that is well.
  void heard(@Nullable HomeserverProblem problem) {
    var trouble = problem == null || problem.isAboutTheRequest() ? null : problem.kind();
    var now = clock.instant();
    state.updateAndGet(
        before ->
            before.since() != null && before.trouble() == trouble
                ? before
                : new State(trouble, now));
  }
}
