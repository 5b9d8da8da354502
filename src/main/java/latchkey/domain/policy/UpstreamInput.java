package latchkey.domain.policy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.policy.Policies.Requester;
import latchkey.domain.policy.Policies.UpstreamLogin;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// What rules see of somebody whom a provider vouches for. Claims are what a stranger wrote: they
/// are turned into the kinds of value CEL knows, and what is null is absent.
final class UpstreamInput {
  /// Deeper than any claim means something.
  private static final int DEPTH = 16;

  private UpstreamInput() {}

  static Map<String, Object> of(UpstreamLogin login, Requester requester, Instant now) {
    var input = RuleInput.input(requester, now);
    var provider = new LinkedHashMap<String, Object>();
    provider.put("id", Ids.text(login.provider()));
    provider.put("name", login.providerName());
    login.issuer().ifPresent(issuer -> provider.put("issuer", issuer));
    input.put("provider", provider);
    var claims = new LinkedHashMap<String, Object>();
    login.userinfo().ifPresent(given -> add(input, claims, "userinfo_claims", given));
    login.idToken().ifPresent(given -> add(input, claims, "id_token_claims", given));
    input.put("claims", claims);
    input.put("callback_parameters", Map.copyOf(login.callbackParameters()));
    input.put("occasion", login.revalidation() ? "revalidation" : "login");
    login.user().ifPresent(user -> input.put("user", RuleInput.user(user)));
    return input;
  }

  private static void add(
      Map<String, Object> input,
      Map<String, Object> claims,
      String name,
      Map<String, ? extends @Nullable Object> given) {
    var known = known(given, DEPTH);
    input.put(name, known);
    claims.putAll(known);
  }

  private static Map<String, Object> known(Map<?, ? extends @Nullable Object> given, int depth) {
    var known = new LinkedHashMap<String, Object>();
    given.forEach(
        (name, value) -> {
          var one = known(value, depth);
          if (one != null) {
            known.put(String.valueOf(name), one);
          }
        });
    return known;
  }

  private static @Nullable Object known(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case String text -> text;
      case Double number -> number;
      case Float number -> number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      case BigInteger number when number.bitLength() >= Long.SIZE -> number.doubleValue();
      case Number number -> number.longValue();
      case Map<?, ?> map -> depth == 0 ? null : known(map, depth - 1);
      case List<?> list -> depth == 0 ? null : list(list, depth - 1);
      default -> value.toString();
    };
  }

  private static List<Object> list(List<?> list, int depth) {
    var known = new ArrayList<Object>();
    for (var item : list) {
      var one = known(item, depth);
      if (one != null) {
        known.add(one);
      }
    }
    return known;
  }

  static UpstreamLogin sample(UserView user) {
    Map<String, @Nullable Object> claims =
        Map.of(
            "iss",
            "https://provider.invalid/",
            "sub",
            "sample",
            "preferred_username",
            "sample",
            "email",
            "sample@provider.invalid",
            "email_verified",
            true,
            "name",
            "Sample",
            "groups",
            List.of("sample"));
    return new UpstreamLogin(
        new UUID(0, 3),
        Optional.of("https://provider.invalid/"),
        "Sample",
        Optional.of(claims),
        Optional.of(claims),
        Map.of(),
        Optional.of(user),
        false);
  }
}
