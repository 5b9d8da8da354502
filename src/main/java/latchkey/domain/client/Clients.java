package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.StaleIfError;
import latchkey.base.system.Ids;

/// Finds and stores clients. Found ones are remembered for as long as nothing is heard of a change,
/// for a minute where changes are not heard, and while the database is away as long as its last
/// known answers count.
@Singleton
public class Clients {
  private static final Duration REMEMBER = Duration.ofSeconds(60);
  private static final Duration FORGET = Duration.ofHours(1);
  private static final long SIZE = 10_000;

  /// @param since the count of changes before it was asked for
  private record Known(ClientView view, UUID[] ids, long since, long askedAt) {}

  private final ClientRepository clients;
  private final Encryption encryption;
  private final Clock clock;
  private final Ids ids;
  private final Changes changes;
  private final DatabaseState database;
  private final StaleIfError staleIfError;
  private final Cache<UUID, Known> known =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(FORGET).build();

  Clients(
      ClientRepository clients,
      Encryption encryption,
      Changes changes,
      DatabaseState database,
      StaleIfError staleIfError,
      Clock clock,
      Ids ids) {
    this.clients = clients;
    this.encryption = encryption;
    this.changes = changes;
    this.database = database;
    this.staleIfError = staleIfError;
    this.clock = clock;
    this.ids = ids;
  }

  /// The client with this `client_id`; one that is no ULID is just an unknown client.
  public Optional<ClientView> find(String clientId) {
    return Ids.parse(clientId).flatMap(this::find);
  }

  /// In the caller's transaction, if there is one.
  public Optional<ClientView> find(UUID id) {
    var before = known.getIfPresent(id);
    if (before != null && (isCurrent(before) || standsIn(before))) {
      return Optional.of(before.view());
    }
    long since = changes.count();
    long askedAt = System.nanoTime();
    var found = QuarkusTransaction.joiningExisting().call(() -> clients.findView(id));
    found.ifPresent(view -> known.put(id, new Known(view, new UUID[] {id}, since, askedAt)));
    return found;
  }

  private boolean isCurrent(Known client) {
    boolean fresh = System.nanoTime() - client.askedAt() < REMEMBER.toNanos();
    return fresh
        ? !changes.hasChanged(client.since(), client.ids())
        : changes.isCurrent(client.since(), client.ids());
  }

  private boolean standsIn(Known client) {
    return !database.isReady()
        && staleIfError.allows(database.awayFor())
        && !changes.hasChanged(client.since(), client.ids());
  }

  /// A stored client; the secret exists in clear only here.
  public record Registered(ClientView client, Optional<Secret> secret) {}

  /// Stores a client. One without a secret that is already there under the same digest is that
  /// client.
  public Registered register(ClientMetadata metadata, String digest, Optional<Secret> secret) {
    var now = clock.instant();
    var client =
        new ClientRepository.NewClient(
            ids.next(now),
            secret.isPresent() ? null : digest,
            secret.map(encryption::encrypt).orElse(null),
            metadata,
            false,
            now);
    return QuarkusTransaction.joiningExisting()
        .call(
            () -> {
              var id = clients.insertOrFind(client);
              return new Registered(clients.findView(id).orElseThrow(), secret);
            });
  }
}
