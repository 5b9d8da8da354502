package latchkey.domain.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client holds after an exchange or a legacy login; tokens belong to it. The columns of the
/// token engine are not mapped: [SessionTokens] moves them with conditional updates that no entity
/// could state.
@Entity
@Table(schema = "latchkey", name = "oauth_sessions")
public class OAuthSession {
  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "client_id")
  private @Nullable UUID clientId;

  @Column(name = "user_id")
  private @Nullable UUID userId;

  @Column(name = "browser_session_id")
  private @Nullable UUID browserSessionId;

  @Column(name = "scope")
  private String scope;

  @Column(name = "device_id")
  private @Nullable String deviceId;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "opened_at")
  private @Nullable Instant openedAt;

  @Column(name = "finished_at")
  private @Nullable Instant finishedAt;

  @Column(name = "finished_reason")
  private @Nullable String finishedReason;

  protected OAuthSession() {}

  public UUID id() {
    return id;
  }

  public @Nullable UUID clientId() {
    return clientId;
  }

  public @Nullable UUID userId() {
    return userId;
  }

  public @Nullable UUID browserSessionId() {
    return browserSessionId;
  }

  public String scope() {
    return scope;
  }

  public @Nullable String deviceId() {
    return deviceId;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public boolean isFinished() {
    return finishedAt != null;
  }

  public @Nullable Instant openedAt() {
    return openedAt;
  }

  public @Nullable String finishedReason() {
    return finishedReason;
  }
}
