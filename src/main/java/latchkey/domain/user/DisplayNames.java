package latchkey.domain.user;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import latchkey.domain.homeserver.Homeserver;
import org.jboss.logging.Logger;

/// What people call themselves. The homeserver keeps it, so it is asked, one question for all who
/// want to know, and nobody waits long: a name is worth a second at most.
@Singleton
public class DisplayNames {
  private static final Logger LOG = Logger.getLogger(DisplayNames.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration REMEMBER = Duration.ofMinutes(1);
  private static final long SIZE = 10_000;

  private final Homeserver homeserver;
  private final AsyncCache<String, Optional<String>> names =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(REMEMBER).buildAsync();

  DisplayNames(Homeserver homeserver) {
    this.homeserver = homeserver;
  }

  /// The display name of a user; empty if there is none, or nobody says so in time.
  public Optional<String> find(String localpart) {
    try {
      return names
          .get(localpart, (name, _) -> CompletableFuture.supplyAsync(() -> ask(name), this::run))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debugf("the display name of %s is not known: %s", localpart, e);
    }
    return Optional.empty();
  }

  private Optional<String> ask(String localpart) {
    return homeserver.queryUser(localpart).displayName().filter(name -> !name.isBlank());
  }

  private void run(Runnable question) {
    Thread.ofVirtual().start(question);
  }
}
