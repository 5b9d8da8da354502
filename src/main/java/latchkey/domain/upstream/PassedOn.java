package latchkey.domain.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a client wants of a sign-in, and the provider has to see to (OpenID Connect Core §3.1.2.1).
///
/// @param acrValues in the order of preference; empty for none
/// @param maxAge how long ago a sign-in there may be; in whole seconds, 0 for none
/// @param prompt as it is sent, such as `login`; what the provider does not take is left out
public record PassedOn(List<String> acrValues, Optional<Duration> maxAge, Optional<String> prompt) {
  public static final PassedOn NOTHING =
      new PassedOn(List.of(), Optional.empty(), Optional.empty());

  public PassedOn {
    acrValues = List.copyOf(acrValues);
  }
}
