package latchkey.endpoint.upstream;

import org.jspecify.annotations.Nullable;

/// What a provider's claims make of an account to be (`pages.md` 5.4).
///
/// @param username empty if its owner types one
/// @param usernameFixed whether they have no say in it
/// @param email null if there is none
/// @param displayName null if there is none: then its owner may type one
record Offer(
    String username,
    boolean usernameFixed,
    @Nullable String email,
    boolean emailFixed,
    @Nullable String displayName,
    boolean displayNameFixed) {
  @Override
  public String toString() {
    return "Offer[…]";
  }
}
