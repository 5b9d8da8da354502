package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Configuration;

/// Somebody's claims, and settings of what to take of them as they are read from a file.
final class SampleClaims {
  static final Map<String, Object> ALICE =
      Map.of(
          "sub", "248289761001",
          "preferred_username", "alice",
          "name", "Alice Smith",
          "email", "alice@example.com");

  private SampleClaims() {}

  static Claims idToken(Map<String, Object> claims) {
    return new Claims(Optional.of(claims), Optional.empty(), Map.of());
  }

  static ClaimsImports read(Path file) {
    var root = Configuration.load(List.of(file), Map.of()).root(false);
    var settings = UpstreamConfig.read(root).providers().getFirst().claims();
    assertThat(root.faults().errors()).isEmpty();
    return settings;
  }
}
