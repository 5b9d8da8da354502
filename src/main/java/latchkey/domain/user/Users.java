package latchkey.domain.user;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver;

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

  /// What the homeserver is told of an account. Its display name lives there and is left alone.
  @Transactional
  public Homeserver.Account account(UserView user) {
    return new Homeserver.Account(
        Ids.text(user.id()), user.username(), emails(user.id()), user.locked(), null);
  }
}
