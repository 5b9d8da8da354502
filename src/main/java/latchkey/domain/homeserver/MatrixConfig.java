package latchkey.domain.homeserver;

import java.net.URI;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// The section `matrix`: the homeserver and the secret shared with it.
///
/// @param homeserver the server name in Matrix ids
/// @param endpoint the base URL for calls to it
public record MatrixConfig(String homeserver, URI endpoint, Secret secret) {
  public static MatrixConfig read(Section root) {
    if (!root.has("matrix")) {
      root.fault("matrix", "is missing");
    }
    var matrix = root.section("matrix");
    var kind =
        matrix.oneOf("kind", "synapse", "synapse_modern", "synapse_legacy", "synapse_read_only");
    if (kind.isPresent() && !kind.get().equals("synapse") && !kind.get().equals("synapse_modern")) {
      matrix.fault("kind", kind.get() + " is not supported yet");
    }
    var secret = root.has("matrix") ? matrix.requireSecret("secret", true) : Secret.of("");
    requireContent(matrix, secret);
    var config =
        new MatrixConfig(
            matrix.string("homeserver", "localhost:8008"),
            matrix.url("endpoint").orElse(URI.create("http://localhost:8008/")),
            secret);
    matrix.warnOfUnknown();
    return config;
  }

  private static void requireContent(Section matrix, Secret secret) {
    var problem = "must not be empty: anybody could pose as the homeserver";
    if (matrix.string("secret").filter(String::isBlank).isPresent()) {
      matrix.fault("secret", problem);
    } else if (matrix.has("secret_file") && matrix.opensFiles() && secret.isEmpty()) {
      matrix.fault("secret_file", problem);
    }
  }
}
