package latchkey.domain.upstream;

import java.util.Optional;

/// Asks a provider once, from a process that serves nobody.
public final class ProviderCheck {
  private final AskMetadata ask = new AskMetadata(new ProviderConnection());

  /// Why nobody could sign in through it, in words for an admin; empty if its metadata and keys can
  /// be had. Takes 10 seconds at most.
  public Optional<String> trouble(ProviderConfig provider) {
    try {
      var metadata = ask.metadata(provider);
      ask.keys(provider, metadata);
      return Optional.empty();
    } catch (ProviderProblem problem) {
      return Optional.of(ProviderWatch.words(problem));
    }
  }
}
