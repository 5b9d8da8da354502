package latchkey.domain.user;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Looks accounts up.
@Singleton
public class Users {
  private final UserRepository users;
  private final UserEmailRepository emails;

  Users(UserRepository users, UserEmailRepository emails) {
    this.users = users;
    this.emails = emails;
  }

  @Transactional
  public Optional<UserView> find(UUID id) {
    return users.findByIdOptional(id).map(User::view);
  }

  @Transactional
  public List<String> emails(UUID id) {
    return emails.addressesOf(id);
  }
}
