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
  private final UserPasswordRepository passwords;

  Users(UserRepository users, UserEmailRepository emails, UserPasswordRepository passwords) {
    this.users = users;
    this.emails = emails;
    this.passwords = passwords;
  }

  @Transactional
  public Optional<UserView> find(UUID id) {
    return users.findByIdOptional(id).map(User::view);
  }

  /// Case does not matter, unless two accounts differ in nothing else: then it decides.
  @Transactional
  public Optional<UserView> findByUsername(String username) {
    return users.findByUsername(username);
  }

  /// Whether the user has a password, of use or not.
  @Transactional
  public boolean hasPassword(UUID id) {
    return passwords.findByIdOptional(id).isPresent();
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
