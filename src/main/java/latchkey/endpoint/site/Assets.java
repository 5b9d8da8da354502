package latchkey.endpoint.site;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Digest;

/// The files pages need, read once.
@Singleton
class Assets {
  record Asset(byte[] bytes, String type, String tag) {}

  private static final Map<String, String> TYPES =
      Map.of(
          "latchkey.css", "text/css; charset=utf-8",
          "latchkey.svg", "image/svg+xml",
          "form-post.js", "text/javascript; charset=utf-8");

  private final Map<String, Asset> assets;

  Assets() {
    this.assets =
        Map.of(
            "latchkey.css", load("latchkey.css"),
            "latchkey.svg", load("latchkey.svg"),
            "form-post.js", load("form-post.js"));
  }

  Optional<Asset> find(String name) {
    return Optional.ofNullable(assets.get(name));
  }

  private static Asset load(String name) {
    try (var stream = Assets.class.getResourceAsStream("/assets/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("assets/" + name + " is missing from the build");
      }
      var bytes = stream.readAllBytes();
      var tag = "\"" + HexFormat.of().formatHex(Digest.sha256(bytes), 0, 8) + "\"";
      return new Asset(bytes, String.valueOf(TYPES.get(name)), tag);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
