package latchkey.domain.token;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import latchkey.base.database.Changes;
import latchkey.base.system.Ids;
import latchkey.domain.session.UsedGenerationsFlush;
import latchkey.domain.token.history.Reply;
import latchkey.domain.token.history.Server.Proof;
import latchkey.domain.token.history.Who;
import latchkey.domain.token.history.Worth;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;

/// The application under test, asked as clients and homeservers ask it.
final class ReplicaOverHttp implements Replica {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final UsedGenerationsFlush flush;
  private final Changes changes;
  private final UUID client;
  private final UUID otherClient;
  private final @Nullable String secret;

  ReplicaOverHttp(
      UsedGenerationsFlush flush,
      Changes changes,
      UUID client,
      UUID otherClient,
      @Nullable String secret) {
    this.flush = flush;
    this.changes = changes;
    this.client = client;
    this.otherClient = otherClient;
    this.secret = secret;
  }

  @Override
  public Reply refresh(String token, Proof proof, Who who) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", token);
    var request = post("/oauth2/token");
    request.header("X-Forwarded-For", who.place().address()).header("User-Agent", who.agent());
    if (proof == Proof.OTHER_CLIENT || secret == null) {
      form.put("client_id", Ids.text(proof == Proof.OTHER_CLIENT ? otherClient : client));
    } else {
      request.header("Authorization", basic(proof == Proof.RIGHT ? secret : secret + "!"));
    }
    var response = send(request, form);
    var json = new JsonObject(response.body());
    return new Reply(
        response.statusCode(),
        json.getString("error", ""),
        json.getString("refresh_token", ""),
        json.getString("access_token", ""),
        json.getLong("expires_in", 0L),
        response.headers().firstValueAsLong("Retry-After").orElse(0));
  }

  @Override
  public Worth use(String token, boolean atUserinfo) {
    return atUserinfo ? userinfo(token) : introspect(token);
  }

  private static Worth introspect(String token) {
    var request =
        post("/oauth2/introspect").header("Authorization", "Bearer " + House.homeserverSecret());
    var response = send(request, Map.of("token", token));
    return switch (response.statusCode()) {
      case 200 ->
          new JsonObject(response.body()).getBoolean("active") ? Worth.ACTIVE : Worth.INACTIVE;
      case 503 -> Worth.UNKNOWN;
      default -> throw new AssertionError("introspection answered " + response.statusCode());
    };
  }

  private static Worth userinfo(String token) {
    var request =
        HttpRequest.newBuilder(URI.create(House.url() + "/oauth2/userinfo"))
            .header("Authorization", "Bearer " + token);
    int status = send(request).statusCode();
    return switch (status) {
      case 200 -> Worth.ACTIVE;
      case 401 -> Worth.INACTIVE;
      case 503 -> Worth.UNKNOWN;
      default -> throw new AssertionError("userinfo answered " + status);
    };
  }

  @Override
  public void revoke(String token) {
    int status = send(post("/oauth2/revoke"), Map.of("token", token)).statusCode();
    if (status != 200 && status != 503) {
      throw new AssertionError("revocation answered " + status);
    }
  }

  @Override
  public void flush() throws SQLException {
    flush.flush();
  }

  @Override
  public void hear(UUID session) {
    changes.changed(session);
    changes.changed(WithdrawnKeys.ALL);
  }

  private static HttpRequest.Builder post(String path) {
    return HttpRequest.newBuilder(URI.create(House.url() + path))
        .header("Content-Type", "application/x-www-form-urlencoded");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> form) {
    return send(request.POST(HttpRequest.BodyPublishers.ofString(Browser.encode(form))));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String basic(String secret) {
    var encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    var pair = World.CONFIDENTIAL + ":" + encoded;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
