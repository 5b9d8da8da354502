package latchkey.domain.user;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An account. Its `username` is the localpart of its Matrix id.
@Entity
@Table(schema = "latchkey", name = "users")
public class User {
  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "username")
  private String username;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "locked_at")
  private @Nullable Instant lockedAt;

  @Column(name = "deactivated_at")
  private @Nullable Instant deactivatedAt;

  @Column(name = "can_request_admin")
  private boolean canRequestAdmin;

  @Column(name = "is_guest")
  private boolean guest;

  protected User() {}

  public UserView view() {
    return new UserView(
        id, username, createdAt, lockedAt != null, deactivatedAt != null, canRequestAdmin, guest);
  }
}
