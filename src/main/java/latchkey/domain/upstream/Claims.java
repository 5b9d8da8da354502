package latchkey.domain.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.jinja.Variables;
import org.jspecify.annotations.Nullable;

/// What a provider said of a person, by the time their ID token and userinfo are proven.
///
/// Claims are plain maps, lists, texts, numbers, booleans and null.
///
/// @param idToken of a provider that gives ID tokens
/// @param userinfo if it was fetched
/// @param callbackParameters beyond those of OAuth, such as `user` from Apple
public record Claims(
    Optional<Map<String, @Nullable Object>> idToken,
    Optional<Map<String, @Nullable Object>> userinfo,
    Map<String, String> callbackParameters) {
  public Claims {
    callbackParameters = Map.copyOf(callbackParameters);
  }

  /// The variables of claim templates (`configuration.md` 12.2): the ID token outweighs userinfo in
  /// `user`, and what was not given is undefined. So is a claim that is null: OpenID Connect Core
  /// 5.3.2 wants those left out, and a person without address is not called `none`.
  Variables variables() {
    var user = new LinkedHashMap<String, Object>();
    var variables = new LinkedHashMap<String, Object>();
    userinfo
        .map(Claims::withoutNulls)
        .ifPresent(
            claims -> {
              user.putAll(claims);
              variables.put("userinfo_claims", claims);
            });
    idToken
        .map(Claims::withoutNulls)
        .ifPresent(
            claims -> {
              user.putAll(claims);
              variables.put("id_token_claims", claims);
            });
    variables.put("user", user);
    variables.put("extra_callback_parameters", callbackParameters);
    return Variables.of(variables);
  }

  /// Also of claims within claims; in a list a null keeps its place.
  private static Map<String, Object> withoutNulls(Map<?, ? extends @Nullable Object> claims) {
    var given = new LinkedHashMap<String, Object>();
    claims.forEach(
        (name, value) -> {
          if (value != null) {
            given.put(
                String.valueOf(name),
                value instanceof Map<?, ?> within ? withoutNulls(within) : value);
          }
        });
    return given;
  }

  @Override
  public String toString() {
    return "Claims[…]";
  }
}
