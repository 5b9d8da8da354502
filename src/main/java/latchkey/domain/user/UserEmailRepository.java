package latchkey.domain.user;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/// The table `user_emails`.
@Singleton
class UserEmailRepository implements PanacheRepositoryBase<UserEmail, UUID> {
  List<String> addressesOf(UUID user) {
    return find("userId = ?1 order by id", user).stream().map(UserEmail::email).toList();
  }
}
