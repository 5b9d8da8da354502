package latchkey.endpoint.upstream;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.base.oauth.ClaimsRequest;
import latchkey.domain.upstream.PassedOn;

/// Of what a client wants of a sign-in, the part that the provider has to see to (OpenID Connect
/// Core §3.1.2.1). Who else could: a person who is signed in there comes back at once, whatever the
/// client has asked for. `none` and `consent` are between the client and us.
final class PassOn {
  /// More than anybody means.
  private static final int MOST_VALUES = 10;

  private static final Set<String> PROMPTS = Set.of("login", "select_account", "create");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private PassOn() {}

  /// @param request the parameters of the client's authorization request, which was checked; empty
  ///   if there is none
  static PassedOn of(Map<String, String> request) {
    return new PassedOn(
        acrs(request),
        Optional.ofNullable(request.get("max_age"))
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text))),
        Optional.of(
                words(request, "prompt").stream()
                    .filter(PROMPTS::contains)
                    .distinct()
                    .collect(Collectors.joining(" ")))
            .filter(prompts -> !prompts.isEmpty()));
  }

  /// Those it cannot do without come first (OpenID Connect Core §5.5.1.1).
  private static List<String> acrs(Map<String, String> request) {
    var claims =
        ClaimsRequest.parse(request.getOrDefault("claims", "{}")).orElse(ClaimsRequest.NOTHING);
    var named = claims.acrs().orElse(Set.of());
    var wished = words(request, "acr_values");
    return (claims.acrEssential()
            ? Stream.concat(named.stream(), wished.stream())
            : Stream.concat(wished.stream(), named.stream()))
        .filter(value -> !value.isEmpty() && value.chars().noneMatch(Character::isWhitespace))
        .distinct()
        .limit(MOST_VALUES)
        .toList();
  }

  private static List<String> words(Map<String, String> request, String name) {
    return Arrays.stream(request.getOrDefault(name, "").split(" ", -1))
        .filter(word -> !word.isBlank())
        .toList();
  }
}
