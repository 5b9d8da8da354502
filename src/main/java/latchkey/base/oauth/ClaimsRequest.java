package latchkey.base.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The parameter `claims` (OpenID Connect Core §5.5), as far as there is something to do about it.
/// Claims nobody knows here are left out; the standard says to ignore them.
///
/// @param subjects the values of `sub` that will do; empty if it was not asked for by value
/// @param acrs the values of `acr` that will do, best first; empty if it was not asked for by value
/// @param acrEssential whether one of them has to be reached
public record ClaimsRequest(
    Set<StandardClaim> idToken,
    Set<StandardClaim> userinfo,
    Optional<Set<String>> subjects,
    Optional<Set<String>> acrs,
    boolean acrEssential) {
  public static final ClaimsRequest NOTHING =
      new ClaimsRequest(Set.of(), Set.of(), Optional.empty(), Optional.empty(), false);

  /// No claim that is compared here has a character that nobody can see.
  private static final Pattern READABLE = Pattern.compile("[^\\p{Cc}\\p{Cs}]+");

  public ClaimsRequest {
    idToken = Set.copyOf(idToken);
    userinfo = Set.copyOf(userinfo);
  }

  /// How one claim is asked for.
  ///
  /// @param values that will do; null for any
  private record Wish(boolean essential, @Nullable Set<String> values) {}

  private static final class Malformed extends Exception {
    Malformed() {
      super("malformed", null, false, false);
    }
  }

  /// Reads the parameter; empty if it is malformed.
  public static Optional<ClaimsRequest> parse(String json) {
    var root = StrictJson.object(json);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      var idToken = wishes(root.get().get("id_token"));
      var userinfo = wishes(root.get().get("userinfo"));
      return Optional.of(
          new ClaimsRequest(
              known(idToken),
              known(userinfo),
              both(values(idToken, "sub"), values(userinfo, "sub")),
              values(idToken, "acr"),
              isEssential(idToken, "acr")));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private static Map<String, Wish> wishes(@Nullable JsonNode member) throws Malformed {
    var wishes = new LinkedHashMap<String, Wish>();
    if (member != null && !member.isNull()) {
      requireObject(member);
      for (var property : member.properties()) {
        wishes.put(property.getKey(), wish(property.getValue()));
      }
    }
    return wishes;
  }

  private static Wish wish(JsonNode node) throws Malformed {
    if (node.isNull()) {
      return new Wish(false, null);
    }
    requireObject(node);
    var essential = node.get("essential");
    if (essential != null && !essential.isBoolean()) {
      throw new Malformed();
    }
    var values = node.get("values");
    if (values != null && !values.isArray()) {
      throw new Malformed();
    }
    var value = node.get("value");
    return new Wish(
        essential != null && essential.booleanValue(),
        value == null && values == null ? null : texts(value, values));
  }

  /// Of values that are no texts none can fit the claims that are compared here.
  private static Set<String> texts(@Nullable JsonNode value, @Nullable JsonNode values) {
    var texts = new LinkedHashSet<String>();
    if (value != null) {
      addText(texts, value);
    }
    if (values != null) {
      values.forEach(one -> addText(texts, one));
    }
    return texts;
  }

  private static void addText(Set<String> texts, JsonNode node) {
    if (node.isTextual() && READABLE.matcher(node.textValue()).matches()) {
      texts.add(node.textValue());
    }
  }

  /// The values of `acr` of which one is essential; empty if none is.
  // OpenID Connect Core §5.5.1.1
  public Optional<Set<String>> essentialAcrs() {
    return acrEssential ? acrs : Optional.empty();
  }

  private static Set<StandardClaim> known(Map<String, Wish> wishes) {
    var claims = EnumSet.noneOf(StandardClaim.class);
    wishes.keySet().forEach(name -> StandardClaim.parse(name).ifPresent(claims::add));
    return claims;
  }

  private static Optional<Set<String>> values(Map<String, Wish> wishes, String claim) {
    return Optional.ofNullable(wishes.get(claim)).map(Wish::values);
  }

  private static Optional<Set<String>> both(Optional<Set<String>> one, Optional<Set<String>> two) {
    if (one.isEmpty() || two.isEmpty()) {
      return one.or(() -> two);
    }
    var common = new HashSet<>(one.get());
    common.retainAll(two.get());
    return Optional.of(common);
  }

  private static boolean isEssential(Map<String, Wish> wishes, String claim) {
    var wish = wishes.get(claim);
    return wish != null && wish.essential();
  }

  private static void requireObject(JsonNode node) throws Malformed {
    if (!node.isObject()) {
      throw new Malformed();
    }
  }
}
