package latchkey.domain.grant;

import java.util.Set;
import java.util.TreeSet;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;

/// What a client wants to be told of the user beyond its scope (OpenID Connect Core §5.5), as far
/// as it can be told.
public record WantedClaims(Set<StandardClaim> idToken, Set<StandardClaim> userinfo) {
  public WantedClaims {
    idToken = Set.copyOf(idToken);
    userinfo = Set.copyOf(userinfo);
  }

  /// The scope that would have brought these claims too.
  Scope impliedBy(Scope scope) {
    var tokens = new TreeSet<>(scope.tokens());
    idToken.forEach(claim -> tokens.add(claim.scope()));
    userinfo.forEach(claim -> tokens.add(claim.scope()));
    return Scope.of(tokens);
  }
}
