package latchkey.domain.homeserver;

import java.time.Duration;

/// Which homeserver stands behind which `matrix.kind` (`homeserver.md` 1).
public final class Homeservers {
  private Homeservers() {}

  /// @param deadline for a whole call, the answer's last byte included
  /// @param health hears how each call went
  public static Homeserver of(MatrixConfig config, Duration deadline, HomeserverHealth health) {
    return switch (config.kind()) {
      case SYNAPSE, SYNAPSE_MODERN -> new SynapseHomeserver(config, deadline, health);
      case SYNAPSE_LEGACY -> new LegacySynapseHomeserver(config, deadline, health);
      case SYNAPSE_READ_ONLY ->
          new ReadOnlyHomeserver(new SynapseHomeserver(config, deadline, health));
    };
  }
}
