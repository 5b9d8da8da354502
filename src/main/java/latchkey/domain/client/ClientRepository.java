package latchkey.domain.client;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/// The table `clients`.
@Singleton
class ClientRepository implements PanacheRepositoryBase<Client, UUID> {
  private static final String COLUMNS =
      """
      insert into latchkey.clients (id, metadata_digest, encrypted_client_secret, application_type, redirect_uris,
             grant_types, response_types, client_name, client_uri, logo_uri, policy_uri, tos_uri, contacts,
             software_id, software_version, id_token_signed_response_alg, userinfo_signed_response_alg,
             token_endpoint_auth_method, initiate_login_uri, is_static, created_at)
      values (:id, :digest, :secret, :applicationType, :redirectUris, :grantTypes, :responseTypes, :name, :uri,
             :logoUri, :policyUri, :tosUri, :contacts, :softwareId, :softwareVersion, :idTokenAlgorithm,
             :userinfoAlgorithm, :authMethod, :initiateLoginUri, :isStatic, :createdAt)
      """;

  /// A client about to be stored.
  record NewClient(
      UUID id,
      @Nullable String digest,
      @Nullable String encryptedSecret,
      ClientMetadata metadata,
      boolean isStatic,
      Instant createdAt) {
    @Override
    public String toString() {
      return "NewClient[" + id + "]";
    }
  }

  /// Stores a client, unless one with the same digest is there; then answers that one's id. Racing
  /// registrations of the same client agree.
  UUID insertOrFind(NewClient client) {
    int inserted = execute(COLUMNS + " on conflict (metadata_digest) do nothing", client);
    if (inserted == 1 || client.digest() == null) {
      return client.id();
    }
    return (UUID)
        getEntityManager()
            .createNativeQuery(
                "select id from latchkey.clients where metadata_digest = :digest", UUID.class)
            .setParameter("digest", client.digest())
            .getSingleResult();
  }

  Optional<ClientView> findView(UUID id) {
    return findByIdOptional(id).map(Client::view);
  }

  private int execute(String sql, NewClient client) {
    var metadata = client.metadata();
    return getEntityManager()
        .createNativeQuery(sql)
        .unwrap(NativeQuery.class)
        .setParameter("id", client.id())
        .setParameter("digest", client.digest(), String.class)
        .setParameter("secret", client.encryptedSecret(), String.class)
        .setParameter("applicationType", metadata.applicationType())
        .setParameter("redirectUris", metadata.redirectUris().toArray(new String[0]))
        .setParameter("grantTypes", metadata.grantTypes().toArray(new String[0]))
        .setParameter("responseTypes", metadata.responseTypes().toArray(new String[0]))
        .setParameter("name", metadata.name(), String.class)
        .setParameter("uri", metadata.uri(), String.class)
        .setParameter("logoUri", metadata.logoUri(), String.class)
        .setParameter("policyUri", metadata.policyUri(), String.class)
        .setParameter("tosUri", metadata.tosUri(), String.class)
        .setParameter("contacts", metadata.contacts().toArray(new String[0]))
        .setParameter("softwareId", metadata.softwareId(), String.class)
        .setParameter("softwareVersion", metadata.softwareVersion(), String.class)
        .setParameter("idTokenAlgorithm", metadata.idTokenAlgorithm(), String.class)
        .setParameter("userinfoAlgorithm", metadata.userinfoAlgorithm(), String.class)
        .setParameter("authMethod", metadata.authMethod())
        .setParameter("initiateLoginUri", metadata.initiateLoginUri(), String.class)
        .setParameter("isStatic", client.isStatic())
        .setParameter("createdAt", client.createdAt())
        .executeUpdate();
  }
}
