package latchkey.domain.homeserver;

import java.net.URI;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// The section `matrix`: the homeserver and the secret shared with it.
///
/// @param homeserver the server name in Matrix ids
/// @param endpoint the base URL for calls to it
public record MatrixConfig(Dialect kind, String homeserver, URI endpoint, Secret secret) {
  /// How the homeserver is spoken to. The first two are the same.
  public enum Dialect {
    SYNAPSE,
    SYNAPSE_MODERN,
    SYNAPSE_LEGACY,
    SYNAPSE_READ_ONLY
  }

  public static MatrixConfig read(Section root) {
    root.rule("matrix", root.has("matrix"), "is missing");
    var matrix = root.section("matrix");
    var kind = matrix.choice("kind", Dialect.SYNAPSE);
    var secret = root.has("matrix") ? matrix.requireSecret("secret", true) : Secret.of("");
    requireContent(matrix, secret);
    return new MatrixConfig(
        kind,
        matrix.string("homeserver", "localhost:8008"),
        matrix.value("endpoint", Kind.URL, URI.create("http://localhost:8008/")),
        secret);
  }

  private static void requireContent(Section matrix, Secret secret) {
    var sentence = "must not be empty: anybody could pose as the homeserver";
    boolean blank = matrix.string("secret").filter(String::isBlank).isPresent();
    boolean unknown = !matrix.has("secret_file") || !matrix.opensFiles();
    matrix.rule("secret", !blank, sentence);
    matrix.rule("secret_file", unknown || !secret.isEmpty(), sentence);
    // Synapse splits the header at blanks and takes it for ASCII.
    matrix.rule(
        matrix.has("secret_file") ? "secret_file" : "secret",
        blank || secret.reveal().matches("[!-~]*"),
        "must be of ASCII characters and have no blank or line break in it: the homeserver would"
            + " refuse every call");
  }
}
