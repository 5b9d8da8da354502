package latchkey.domain.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;

/// The section `clients`: clients an admin vouches for (`configuration.md` 11).
public record ClientsConfig(List<StaticClient> clients) {
  /// @param authMethod `none`, `client_secret_basic` or `client_secret_post`
  public record StaticClient(
      UUID id,
      String authMethod,
      Optional<Secret> secret,
      Optional<String> name,
      Optional<String> uri,
      List<String> redirectUris) {}

  public ClientsConfig {
    clients = List.copyOf(clients);
  }

  public static ClientsConfig read(Section root) {
    var clients = new ArrayList<StaticClient>();
    var ids = new HashSet<UUID>();
    for (var section : root.sections("clients")) {
      var client = client(section);
      if (client.isPresent() && !ids.add(client.get().id())) {
        section.fault("client_id", "two clients have the same id");
      }
      client.ifPresent(clients::add);
      section.warnOfUnknown();
    }
    return new ClientsConfig(clients);
  }

  private static Optional<StaticClient> client(Section section) {
    var id = Ids.parse(section.requireString("client_id"));
    if (id.isEmpty() && section.has("client_id")) {
      section.fault("client_id", "a ULID is expected: 26 letters and digits");
    }
    var method =
        section.oneOf(
            "client_auth_method",
            "none",
            "client_secret_basic",
            "client_secret_post",
            "client_secret_jwt",
            "private_key_jwt");
    if (!section.has("client_auth_method")) {
      section.fault("client_auth_method", "is missing");
    }
    var secret = section.secret("client_secret", true);
    method.ifPresent(name -> requireFitting(section, name, secret.isPresent()));
    if (id.isEmpty() || method.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StaticClient(
            id.get(),
            method.get(),
            secret,
            section.string("client_name"),
            section.url("client_uri").map(Object::toString),
            redirectUris(section)));
  }

  private static List<String> redirectUris(Section section) {
    var uris = section.strings("redirect_uris");
    for (var uri : uris) {
      if (!isAbsolute(uri)) {
        section.fault("redirect_uris", uri + " is no absolute URL");
      }
    }
    return uris;
  }

  private static boolean isAbsolute(String uri) {
    try {
      return new URI(uri).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void requireFitting(Section section, String method, boolean hasSecret) {
    boolean needsSecret = method.startsWith("client_secret_");
    if (needsSecret && !hasSecret) {
      section.fault("client_secret", "is needed with " + method);
    } else if (!needsSecret && hasSecret) {
      section.fault("client_secret", "is not allowed with " + method);
    }
    boolean inline = section.has("jwks");
    boolean byUri = section.has("jwks_uri");
    if (method.equals("private_key_jwt")) {
      if (inline == byUri) {
        section.fault(inline ? "jwks" : "", "give exactly one of jwks and jwks_uri");
      }
    } else if (inline || byUri) {
      section.fault(inline ? "jwks" : "jwks_uri", "is not allowed with " + method);
    }
    if (method.endsWith("_jwt")) {
      section.fault("client_auth_method", method + " is not supported yet");
    }
  }
}
