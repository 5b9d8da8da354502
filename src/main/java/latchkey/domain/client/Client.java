package latchkey.domain.client;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/// A registered OAuth client. Its id, spelt as a ULID, is its `client_id`.
@Entity
@Table(schema = "latchkey", name = "clients")
public class Client {
  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "metadata_digest")
  private @Nullable String metadataDigest;

  @Column(name = "encrypted_client_secret")
  private @Nullable String encryptedSecret;

  /// Its keys (RFC 7517 §5), as JSON.
  @Column(name = "jwks")
  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable String jwks;

  @Column(name = "jwks_uri")
  private @Nullable String jwksUri;

  @Column(name = "application_type")
  private @Nullable String applicationType;

  @Column(name = "redirect_uris")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> redirectUris;

  @Column(name = "grant_types")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> grantTypes;

  @Column(name = "response_types")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> responseTypes;

  @Column(name = "client_name")
  private @Nullable String name;

  @Column(name = "client_uri")
  private @Nullable String uri;

  @Column(name = "logo_uri")
  private @Nullable String logoUri;

  @Column(name = "policy_uri")
  private @Nullable String policyUri;

  @Column(name = "tos_uri")
  private @Nullable String tosUri;

  @Column(name = "contacts")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> contacts;

  @Column(name = "software_id")
  private @Nullable String softwareId;

  @Column(name = "software_version")
  private @Nullable String softwareVersion;

  @Column(name = "id_token_signed_response_alg")
  private @Nullable String idTokenAlgorithm;

  @Column(name = "userinfo_signed_response_alg")
  private @Nullable String userinfoAlgorithm;

  @Column(name = "token_endpoint_auth_method")
  private String authMethod;

  @Column(name = "initiate_login_uri")
  private @Nullable String initiateLoginUri;

  @Column(name = "is_static")
  private boolean isStatic;

  @Column(name = "created_at")
  private Instant createdAt;

  protected Client() {}

  ClientView view() {
    return new ClientView(
        id,
        new ClientMetadata(
            redirectUris,
            grantTypes,
            responseTypes,
            applicationType == null ? "web" : applicationType,
            authMethod,
            name,
            uri,
            logoUri,
            policyUri,
            tosUri,
            contacts,
            softwareId,
            softwareVersion,
            idTokenAlgorithm,
            userinfoAlgorithm,
            initiateLoginUri),
        encryptedSecret,
        jwks,
        jwksUri,
        isStatic,
        createdAt);
  }
}
