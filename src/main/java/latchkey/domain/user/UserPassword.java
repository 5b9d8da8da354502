package latchkey.domain.user;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.crypto.PasswordHasher.HashedPassword;

/// The current password of a user, hashed.
@Entity
@Table(schema = "latchkey", name = "user_passwords")
public class UserPassword {
  @Id
  @Column(name = "user_id")
  private UUID userId;

  @Column(name = "hashed_password")
  private String hashedPassword;

  @Column(name = "version")
  private int version;

  @Column(name = "created_at")
  private Instant createdAt;

  protected UserPassword() {}

  public UUID userId() {
    return userId;
  }

  public Instant createdAt() {
    return createdAt;
  }

  HashedPassword hashed() {
    return new HashedPassword(version, hashedPassword);
  }
}
