package latchkey.domain.user;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/// A verified e-mail address of a user.
@Entity
@Table(schema = "latchkey", name = "user_emails")
public class UserEmail {
  @Id
  @Column(name = "id")
  private UUID id;

  @Column(name = "user_id")
  private UUID userId;

  @Column(name = "email")
  private String email;

  @Column(name = "created_at")
  private Instant createdAt;

  protected UserEmail() {}

  public UUID id() {
    return id;
  }

  public UUID userId() {
    return userId;
  }

  public String email() {
    return email;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
