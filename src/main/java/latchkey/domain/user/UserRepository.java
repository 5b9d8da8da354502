package latchkey.domain.user;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `users`.
@Singleton
class UserRepository implements PanacheRepositoryBase<User, UUID> {
  /// Whose verified e-mail address it is. Case does not matter.
  Optional<UserView> findByEmail(String address) {
    List<UserView> matches =
        list("id in (select e.userId from UserEmail e where lower(e.email) = lower(?1))", address)
            .stream()
            .map(User::view)
            .toList();
    return matches.size() == 1 ? Optional.of(matches.getFirst()) : Optional.empty();
  }

  /// Case does not matter, unless two accounts differ in nothing else: then it decides.
  Optional<UserView> findByUsername(String username) {
    List<UserView> matches =
        list("lower(username) = lower(?1)", username).stream().map(User::view).toList();
    return matches.size() == 1
        ? Optional.of(matches.getFirst())
        : matches.stream().filter(user -> user.username().equals(username)).findFirst();
  }
}
