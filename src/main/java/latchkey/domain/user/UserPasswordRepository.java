package latchkey.domain.user;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.crypto.PasswordHasher.HashedPassword;

/// The table `user_passwords`.
@Singleton
class UserPasswordRepository implements PanacheRepositoryBase<UserPassword, UUID> {
  /// The versions of the stored hashes.
  List<DecoyPasswords.Kind> kinds() {
    @SuppressWarnings("unchecked")
    List<Object[]> rows =
        getEntityManager()
            .createNativeQuery(
                """
                select version, count(*), min(hashed_password) from latchkey.user_passwords
                 group by version order by version
                """,
                Object[].class)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new DecoyPasswords.Kind(
                    ((Number) row[1]).longValue(),
                    new HashedPassword(((Number) row[0]).intValue(), (String) row[2])))
        .toList();
  }

  /// Stores a better hash of the same password, unless the password was changed meanwhile.
  void upgrade(UUID user, HashedPassword from, HashedPassword to, Instant now) {
    update(
        "hashedPassword = ?1, version = ?2, createdAt = ?3 where userId = ?4 and hashedPassword = ?5",
        to.hash(),
        to.version(),
        now,
        user,
        from.hash());
  }
}
