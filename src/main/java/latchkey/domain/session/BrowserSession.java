package latchkey.domain.session;

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

/// A signed-in browser, known by an encrypted cookie that holds its id.
@Entity
@Table(schema = "latchkey", name = "browser_sessions")
public class BrowserSession {
  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "user_id")
  private UUID userId;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "authenticated_at")
  private Instant authenticatedAt;

  @Column(name = "amr")
  @JdbcTypeCode(SqlTypes.ARRAY)
  private List<String> amr;

  @Column(name = "renewal")
  private int renewal;

  @Column(name = "finished_at")
  private @Nullable Instant finishedAt;

  @Column(name = "user_agent")
  private @Nullable String userAgent;

  @Column(name = "last_active_at")
  private @Nullable Instant lastActiveAt;

  @Column(name = "locale")
  private @Nullable String locale;

  protected BrowserSession() {}

  static BrowserSession open(
      UUID id,
      UUID userId,
      AuthenticationMethod method,
      @Nullable String userAgent,
      String locale,
      Instant authenticatedAt,
      Instant now) {
    var session = new BrowserSession();
    session.id = id;
    session.userId = userId;
    session.userAgent = userAgent;
    session.locale = locale;
    session.createdAt = now;
    session.authenticatedAt = authenticatedAt;
    session.amr = List.of(method.code());
    return session;
  }

  public UUID id() {
    return id;
  }

  public UUID userId() {
    return userId;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /// When its user last proved who they are: the `auth_time` of an ID token.
  public Instant authenticatedAt() {
    return authenticatedAt;
  }

  /// What its cookie has to say.
  int renewal() {
    return renewal;
  }

  @Nullable Instant lastActiveAt() {
    return lastActiveAt;
  }

  public boolean isFinished() {
    return finishedAt != null;
  }

  public @Nullable String userAgent() {
    return userAgent;
  }
}
