package latchkey.domain.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;

/// What a provider said of a person who signed in there, proven.
///
/// @param idToken as it came, for `id_token_hint`
/// @param refreshToken if it gave one
/// @param accessToken to ask for userinfo again; empty if there is a refresh token, or no userinfo
/// @param sid of the session there (OpenID Connect Back-Channel Logout §2.1)
/// @param acr how they signed in there, and by which means `amr`
/// @param authTime when they did
public record Identity(
    Claims claims,
    Optional<Secret> idToken,
    Optional<Secret> refreshToken,
    Optional<AccessToken> accessToken,
    Optional<String> sid,
    Optional<String> acr,
    List<String> amr,
    Optional<Instant> authTime) {
  /// @param lifetime empty if the provider does not say
  public record AccessToken(Secret token, Optional<Duration> lifetime) {}

  public Identity {
    amr = List.copyOf(amr);
  }

  /// `sub` of the ID token, which logout tokens name. The subject of a link comes of a template and
  /// may be another claim.
  public Optional<String> subject() {
    return claims
        .idToken()
        .flatMap(
            token ->
                token.get("sub") instanceof String subject
                    ? Optional.of(subject)
                    : Optional.empty());
  }

  static Identity of(Claims claims, Optional<Secret> idToken, Optional<Secret> refreshToken) {
    var token = claims.idToken().orElse(Map.of());
    return new Identity(
        claims,
        idToken,
        refreshToken,
        Optional.empty(),
        text(token, "sid"),
        text(token, "acr"),
        token.get("amr") instanceof List<?> list
            ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
            : List.of(),
        token.get("auth_time") instanceof Number time
            ? Optional.of(Instant.ofEpochSecond(time.longValue()))
            : Optional.empty());
  }

  /// The same with another access token, or without.
  public Identity withAccessToken(Optional<AccessToken> other) {
    return new Identity(claims, idToken, refreshToken, other, sid, acr, amr, authTime);
  }

  private static Optional<String> text(Map<String, ?> claims, String name) {
    return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  @Override
  public String toString() {
    return "Identity[…]";
  }
}
