package latchkey.world;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import latchkey.world.FakeUpstream.Endpoint;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A house with every provider that `docs/organisations` has a page of, and the published shapes
/// that have none or another there. All of them are one [FakeUpstream]: addresses, credentials and
/// keys are its own, the rest is as it is written.
public final class RecipesHouse extends House {
  private static final Path PAGES = Path.of("docs/organisations");
  private static final Path SHAPES = Path.of("src/test/resources/providers");
  private static final List<String> WITHOUT_PAGE =
      List.of(
          "authelia-insecure", "azure", "discord", "facebook", "kanidm", "rauthy", "shibboleth");
  private static final Pattern BLOCK =
      Pattern.compile("```yaml\n(upstream_oauth2:\n.*?)```", Pattern.DOTALL);
  private static final KeyPair APPLE = KeyEncoding.pair("secp256r1");

  private static @Nullable FakeUpstream provider;
  private static final Map<String, Map<String, Object>> RECIPES = recipes();

  public static FakeUpstream provider() {
    return Objects.requireNonNull(provider);
  }

  /// What one reads on a page to put into the configuration, by the name of the page.
  public static Map<String, String> pages() {
    var pages = new TreeMap<String, String>();
    try (var files = Files.list(PAGES)) {
      for (var file : files.toList()) {
        var block = BLOCK.matcher(Files.readString(file));
        if (block.find()) {
          pages.put(file.getFileName().toString().replace(".md", ""), block.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  /// The published shapes, with and without a page.
  public static List<String> shapes() {
    try (var files = Files.list(SHAPES)) {
      return files.map(file -> file.getFileName().toString().replace(".yaml", "")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An entry of `upstream_oauth2.providers`, as it is written.
  ///
  /// @param name of the page, or of the shape
  public static Map<String, Object> recipe(String name) {
    return Objects.requireNonNull(RECIPES.get(name), name);
  }

  /// The provider becomes what this recipe is for.
  public static void become(String name) {
    var recipe = recipe(name);
    var scope = recipe.getOrDefault("scope", "openid").toString();
    provider().reset();
    provider().signWith(recipe.getOrDefault("id_token_signed_response_alg", "RS256").toString());
    provider().demand(recipe.get("token_endpoint_auth_method").toString());
    if (!scope.contains("openid")) {
      provider().hasGitHubManners();
    }
    if ("always".equals(recipe.get("pkce_method"))) {
      provider().onMetadata(metadata -> metadata.remove("code_challenge_methods_supported"));
    }
    if (recipe.get("sign_in_with_apple") instanceof Map<?, ?> apple) {
      var key = new ECKey.Builder(Curve.P_256, (ECPublicKey) APPLE.getPublic()).build();
      provider()
          .demandApple(
              String.valueOf(apple.get("team_id")),
              String.valueOf(apple.get("key_id")),
              key.toJSONString());
    }
  }

  @Override
  public Map<String, String> start() {
    provider = new FakeUpstream("");
    return super.start();
  }

  @Override
  public void stop() {
    provider().close();
    super.stop();
  }

  @Override
  String tuning() {
    var providers = RECIPES.values().stream().map(RecipesHouse::moved).toList();
    return new JsonObject().put("upstream_oauth2", Map.of("providers", providers)).encode();
  }

  private static Map<String, Map<String, Object>> recipes() {
    var recipes = new TreeMap<String, Map<String, Object>>();
    pages().forEach((name, text) -> recipes.put(name, provider(text)));
    for (var name : WITHOUT_PAGE) {
      try {
        recipes.put(name, provider(Files.readString(SHAPES.resolve(name + ".yaml"))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return recipes;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> provider(String yaml) {
    var root = (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    var section = (Map<String, Object>) Objects.requireNonNull(root).get("upstream_oauth2");
    return ((List<Map<String, Object>>) Objects.requireNonNull(section).get("providers"))
        .getFirst();
  }

  private static Map<String, Object> moved(Map<String, Object> recipe) {
    var moved = new LinkedHashMap<>(recipe);
    moved.put("client_id", FakeUpstream.CLIENT_ID);
    moved.computeIfPresent("issuer", (_, _) -> provider().issuer());
    moved.computeIfPresent("authorization_endpoint", (_, _) -> provider().url(Endpoint.AUTHORIZE));
    moved.computeIfPresent("token_endpoint", (_, _) -> provider().url(Endpoint.TOKEN));
    moved.computeIfPresent("userinfo_endpoint", (_, _) -> provider().url(Endpoint.USERINFO));
    moved.computeIfPresent("jwks_uri", (_, _) -> provider().url(Endpoint.KEYS));
    // It speaks no TLS.
    moved.merge(
        "discovery_mode", "insecure", (mode, other) -> "disabled".equals(mode) ? mode : other);
    if (moved.remove("client_secret_file") != null || moved.containsKey("client_secret")) {
      moved.put("client_secret", FakeUpstream.CLIENT_SECRET);
    }
    if (moved.get("sign_in_with_apple") instanceof Map<?, ?> apple) {
      moved.put(
          "sign_in_with_apple",
          Map.of(
              "team_id", String.valueOf(apple.get("team_id")),
              "key_id", String.valueOf(apple.get("key_id")),
              "private_key", KeyEncoding.PKCS8_PEM.text(APPLE.getPrivate(), "")));
    }
    return moved;
  }
}
