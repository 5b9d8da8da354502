package latchkey.domain.grant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/// One authorization request on its way from the client, past its user, to a code.
@Entity
@Table(schema = "latchkey", name = "authorization_grants")
public class AuthorizationGrant {
  /// How long a person may take to sign in and consent.
  public static final Duration PENDING_LIFETIME = Duration.ofHours(1);

  /// How long a client may take to exchange its code (RFC 6749 §4.1.2 asks for ten minutes at
  /// most).
  public static final Duration CODE_LIFETIME = Duration.ofSeconds(60);

  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "client_id")
  private UUID clientId;

  @Column(name = "redirect_uri")
  private String redirectUri;

  @Column(name = "redirect_uri_given")
  private boolean redirectUriGiven;

  @Column(name = "response_mode")
  private String responseMode;

  @Column(name = "scope")
  private String scope;

  @Column(name = "state")
  private @Nullable String state;

  @Column(name = "nonce")
  private @Nullable String nonce;

  @Column(name = "code_challenge")
  private @Nullable String codeChallenge;

  @Column(name = "login_hint")
  private @Nullable String loginHint;

  @Column(name = "locale")
  private @Nullable String locale;

  @Column(name = "raw_parameters")
  @JdbcTypeCode(SqlTypes.JSON)
  private String rawParameters;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "fulfilled_at", insertable = false, updatable = false)
  private @Nullable Instant fulfilledAt;

  @Column(name = "cancelled_at", insertable = false, updatable = false)
  private @Nullable Instant cancelledAt;

  @Column(name = "exchanged_at", insertable = false, updatable = false)
  private @Nullable Instant exchangedAt;

  protected AuthorizationGrant() {}

  /// What the client asked for, once every check of its request has passed.
  public record Request(
      UUID clientId,
      String redirectUri,
      boolean redirectUriGiven,
      String responseMode,
      Scope scope,
      @Nullable String state,
      @Nullable String nonce,
      @Nullable String codeChallenge,
      @Nullable String loginHint,
      @Nullable String locale,
      String rawParameters) {}

  static AuthorizationGrant pending(UUID id, Request request, Instant now) {
    var grant = new AuthorizationGrant();
    grant.id = id;
    grant.clientId = request.clientId();
    grant.redirectUri = request.redirectUri();
    grant.redirectUriGiven = request.redirectUriGiven();
    grant.responseMode = request.responseMode();
    grant.scope = request.scope().toString();
    grant.state = request.state();
    grant.nonce = request.nonce();
    grant.codeChallenge = request.codeChallenge();
    grant.loginHint = request.loginHint();
    grant.locale = request.locale();
    grant.rawParameters = request.rawParameters();
    grant.createdAt = now;
    return grant;
  }

  public UUID id() {
    return id;
  }

  /// Still waiting for its user, and not too old.
  public boolean isPending(Instant now) {
    return fulfilledAt == null
        && cancelledAt == null
        && exchangedAt == null
        && now.isBefore(createdAt.plus(PENDING_LIFETIME));
  }

  PendingGrant view() {
    return new PendingGrant(
        id,
        clientId,
        redirectUri,
        responseMode,
        Scope.parse(scope).orElseThrow(),
        state,
        nonce,
        codeChallenge,
        loginHint,
        locale);
  }
}
