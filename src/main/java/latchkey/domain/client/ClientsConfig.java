package latchkey.domain.client;

import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// The section `clients`: clients an admin vouches for (`configuration.md` 11).
public record ClientsConfig(List<StaticClient> clients) {
  /// @param jwks the keys a client signs with, or where they are
  /// @param jwksUri where they are
  public record StaticClient(
      UUID id,
      Method method,
      Optional<Secret> secret,
      Optional<String> name,
      Optional<String> uri,
      Optional<String> jwks,
      Optional<String> jwksUri,
      List<String> redirectUris) {
    String authMethod() {
      return Kind.spelt(method);
    }
  }

  /// `client_auth_method`.
  enum Method {
    NONE,
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_JWT,
    PRIVATE_KEY_JWT
  }

  private static final String SECRET_METHODS =
      "client_auth_method client_secret_basic, client_secret_post, client_secret_jwt";
  private static final UUID NO_ID = new UUID(0, 0);

  private static final Kind<String> REDIRECT_URI =
      Kind.texts(
          "absolute URL",
          "an absolute URL is expected",
          "https://a.example/",
          text -> isAbsolute(text) ? Optional.of(text) : Optional.empty());

  public ClientsConfig {
    clients = List.copyOf(clients);
  }

  public static ClientsConfig read(Section root) {
    var sections = root.sections("clients");
    var clients = sections.stream().map(ClientsConfig::client).toList();
    var ids = new HashSet<UUID>();
    for (int i = 0; i < clients.size(); i++) {
      var id = clients.get(i).id();
      sections.get(i).rule("client_id", id.equals(NO_ID) || ids.add(id), "an id is used once");
    }
    return new ClientsConfig(clients);
  }

  private static StaticClient client(Section section) {
    var method = section.require("client_auth_method", Kind.choice(Method.class), Method.NONE);
    var client =
        new StaticClient(
            section.require("client_id", Kind.ULID, NO_ID),
            method,
            section.secret("client_secret", true),
            section.string("client_name"),
            section.url("client_uri").map(Object::toString),
            jwks(section),
            section.url("jwks_uri").map(Object::toString),
            section.list("redirect_uris", REDIRECT_URI));
    if (section.has("client_auth_method")) {
      requireFittingSecret(section, client);
      requireFittingKeys(section, method == Method.PRIVATE_KEY_JWT);
    }
    return client;
  }

  private static Optional<String> jwks(Section section) {
    var tree = section.tree("jwks");
    var jwks = tree.isEmpty() ? Optional.<String>empty() : json(tree);
    section.rule("jwks", tree.isEmpty() || jwks.isPresent(), "a JWK set is expected (RFC 7517 §5)");
    return jwks;
  }

  private static Optional<String> json(Map<String, @Nullable Object> tree) {
    try {
      return Optional.of(JWKSet.parse(tree).toString());
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private static boolean isAbsolute(String uri) {
    try {
      return new URI(uri).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void requireFittingSecret(Section section, StaticClient client) {
    boolean given = client.secret().isPresent();
    boolean needed = AuthMethod.needsSecret(client.authMethod());
    var key = section.has("client_secret_file") ? "client_secret_file" : "client_secret";
    section.rule("client_secret", given || !needed, "is needed with " + SECRET_METHODS);
    section.rule(key, needed || !given, "is only allowed with " + SECRET_METHODS);
  }

  private static void requireFittingKeys(Section section, boolean needed) {
    boolean inline = section.has("jwks");
    boolean byUri = section.has("jwks_uri");
    var key = inline ? "jwks" : "jwks_uri";
    section.rule(
        key,
        !needed || inline != byUri,
        "give exactly one of jwks and jwks_uri with client_auth_method private_key_jwt");
    section.rule(
        key,
        needed || !(inline || byUri),
        "is only allowed with client_auth_method private_key_jwt");
  }
}
