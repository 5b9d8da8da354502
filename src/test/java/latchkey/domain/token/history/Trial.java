package latchkey.domain.token.history;

import java.util.ArrayList;
import java.util.Optional;

/// Plays histories against a kind of server, and makes those that fail as short as it can by
/// leaving events out.
public final class Trial {
  private static final int ATTEMPTS = 400;

  /// Something to play a history against, as new.
  public interface Servers {
    Server start(Setup setup);
  }

  private final Servers servers;
  private final boolean trusting;

  public Trial(Servers servers) {
    this(servers, false);
  }

  /// @param trusting whether the model is taken from the server itself, so that the invariants
  ///   alone decide
  Trial(Servers servers, boolean trusting) {
    this.servers = servers;
    this.trusting = trusting;
  }

  /// @throws AssertionError with the shortest history found that fails, and the seed it came from
  public void play(History history) {
    var failure = failure(history);
    if (failure.isPresent()) {
      var shortest = shrink(history);
      var reason = failure(shortest).orElse(failure.get());
      throw new AssertionError(reason.getMessage() + "\n" + shortest, reason);
    }
  }

  /// What is wrong with a history; empty if nothing is.
  public Optional<AssertionError> failure(History history) {
    var setup = history.setup();
    try (var server = servers.start(setup)) {
      Player.play(history, server, model(server, setup));
      return Optional.empty();
    } catch (AssertionError e) {
      return Optional.of(e);
    }
  }

  private Model model(Server server, Setup setup) {
    return trusting && server instanceof ModelServer wrong
        ? wrong.twin()
        : new Model(setup, server.start());
  }

  /// A shorter history that fails too, perhaps for another reason.
  History shrink(History failing) {
    var best = failing;
    int attempts = 0;
    for (int chunk = Math.max(1, best.events().size() / 2); chunk >= 1; ) {
      boolean shrunk = false;
      for (int from = best.events().size() - chunk; from >= 0; from -= chunk) {
        var candidate = without(best, from, chunk);
        if (attempts++ < ATTEMPTS && failure(candidate).isPresent()) {
          best = candidate;
          shrunk = true;
        }
      }
      chunk = shrunk && chunk <= best.events().size() ? chunk : chunk / 2;
      if (attempts >= ATTEMPTS) {
        return best;
      }
    }
    return best;
  }

  private static History without(History history, int from, int count) {
    var fewer = new ArrayList<>(history.events());
    fewer.subList(from, Math.min(fewer.size(), from + count)).clear();
    return history.with(fewer);
  }
}
