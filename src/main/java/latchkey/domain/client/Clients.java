package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Encryption;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.domain.client.ClientsConfig.StaticClient;

/// Finds and stores clients. Found ones are remembered for a minute: a client changes only when an
/// admin changes the configuration and starts again.
@Singleton
public class Clients {
  private static final Duration REMEMBER = Duration.ofSeconds(60);
  private static final long SIZE = 10_000;

  private final ClientRepository clients;
  private final Encryption encryption;
  private final Clock clock;
  private final Ids ids;
  private final Cache<UUID, ClientView> known =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(REMEMBER).build();

  Clients(ClientRepository clients, Encryption encryption, Clock clock, Ids ids) {
    this.clients = clients;
    this.encryption = encryption;
    this.clock = clock;
    this.ids = ids;
  }

  /// The client with this `client_id`; one that is no ULID is just an unknown client.
  public Optional<ClientView> find(String clientId) {
    return Ids.parse(clientId).flatMap(this::find);
  }

  public Optional<ClientView> find(UUID id) {
    var view = known.getIfPresent(id);
    if (view != null) {
      return Optional.of(view);
    }
    var found = QuarkusTransaction.joiningExisting().call(() -> clients.findView(id));
    found.ifPresent(client -> known.put(id, client));
    return found;
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

  /// Brings the table up to date with the section `clients`; removes nothing.
  public void sync(List<StaticClient> configured) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              for (var client : configured) {
                clients.upsertStatic(stored(client));
                known.invalidate(client.id());
              }
            });
  }

  private ClientRepository.NewClient stored(StaticClient client) {
    var metadata =
        new ClientMetadata(
            client.redirectUris(),
            GrantType.ALL,
            List.of("code"),
            "web",
            client.authMethod(),
            client.name().orElse(null),
            client.uri().orElse(null),
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null);
    return new ClientRepository.NewClient(
        client.id(),
        null,
        client.secret().map(encryption::encrypt).orElse(null),
        metadata,
        true,
        clock.instant());
  }
}
