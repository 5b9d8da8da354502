package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What is known of each provider, its metadata and keys: fetched at start and every 15 minutes,
/// and again when somebody needs one that was not there. One that is down keeps nobody waiting but
/// those who want to it.
@Singleton
public class ProviderWatch {
  /// How one was when it was asked last.
  public sealed interface State {
    /// Also before it was first asked.
    record Reachable() implements State {}

    /// @param words why, for an admin
    record Unreachable(String words, Instant since) implements State {}
  }

  /// @param name see [Providers#nameOf]
  public record Watched(UUID provider, String name, State state) {}

  /// All there are, in the order of the configuration.
  public List<Watched> all() {
    throw new UnsupportedOperationException();
  }

  /// Why nobody can sign in through it now, in words for an admin; empty if all is well.
  public Optional<String> trouble(UUID provider) {
    throw new UnsupportedOperationException();
  }
}
