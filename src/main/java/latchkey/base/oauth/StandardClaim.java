package latchkey.base.oauth;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The claims about a person that can be told (OpenID Connect Core §5.1), each with the scope that
/// asks for it (§5.4).
public enum StandardClaim {
  NAME("name", Scope.PROFILE),
  PREFERRED_USERNAME("preferred_username", Scope.PROFILE),
  EMAIL("email", Scope.EMAIL),
  EMAIL_VERIFIED("email_verified", Scope.EMAIL);

  private final String code;
  private final String scope;

  StandardClaim(String code, String scope) {
    this.code = code;
    this.scope = scope;
  }

  /// The name of the claim as it goes over the wire.
  public String code() {
    return code;
  }

  public String scope() {
    return scope;
  }

  public static Optional<StandardClaim> parse(String code) {
    return Arrays.stream(values()).filter(claim -> claim.code.equals(code)).findFirst();
  }

  /// The claims a scope asks for.
  public static Set<StandardClaim> of(Scope scope) {
    return Arrays.stream(values())
        .filter(claim -> scope.contains(claim.scope))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(StandardClaim.class)));
  }

  @Override
  public String toString() {
    return code;
  }
}
