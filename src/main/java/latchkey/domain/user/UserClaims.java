package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.StandardClaim;

/// Tells of a user what claims ask for (OpenID Connect Core §5.1). What nobody knows is left out.
@Singleton
public class UserClaims {
  private final Users users;
  private final DisplayNames displayNames;

  UserClaims(Users users, DisplayNames displayNames) {
    this.users = users;
    this.displayNames = displayNames;
  }

  /// The values of these claims, by name.
  public Map<String, Object> of(UUID user, String username, Set<StandardClaim> wanted) {
    var claims = new LinkedHashMap<String, Object>();
    for (var claim : StandardClaim.values()) {
      if (wanted.contains(claim)) {
        value(claim, user, username).ifPresent(value -> claims.put(claim.code(), value));
      }
    }
    return claims;
  }

  private Optional<Object> value(StandardClaim claim, UUID user, String username) {
    return switch (claim) {
      case NAME -> displayNames.find(username).map(name -> name);
      case PREFERRED_USERNAME -> Optional.of(username);
      case EMAIL -> email(user).map(email -> email);
      // Only addresses that were verified are stored.
      case EMAIL_VERIFIED -> email(user).map(_ -> true);
    };
  }

  /// The oldest: it is the one that stays the same.
  private Optional<String> email(UUID user) {
    return users.emails(user).stream().findFirst();
  }
}
