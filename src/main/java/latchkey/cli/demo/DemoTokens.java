package latchkey.cli.demo;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.base.crypto.Digest;
import latchkey.base.system.Randomness;
import latchkey.cli.demo.DemoClient.Visit;
import org.jspecify.annotations.Nullable;

/// The OAuth half of the demo client: RFC 6749 and RFC 7636 with nothing but an HTTP client.
///
/// @param latchkeyUrl without slash at the end
/// @param introspector a second client, which can keep a secret and so may introspect
public record DemoTokens(
    String latchkeyUrl,
    String clientUrl,
    String clientId,
    String introspector,
    String introspectorSecret) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  String authorizeUrl(Visit visit, Randomness randomness) {
    var state = randomness.alphanumeric(24);
    var verifier = randomness.alphanumeric(64);
    visit.state = state;
    visit.verifier = verifier;
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", clientId);
    query.put("response_type", "code");
    query.put("redirect_uri", clientUrl + DemoClient.CALLBACK);
    query.put("scope", "openid email");
    query.put("state", state);
    query.put("nonce", randomness.alphanumeric(24));
    query.put("code_challenge", challenge(verifier));
    query.put("code_challenge_method", "S256");
    return latchkeyUrl + "/authorize?" + encode(query);
  }

  JsonObject exchange(Visit visit, String code) throws IOException, InterruptedException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", clientId);
    form.put("code", code);
    form.put("redirect_uri", clientUrl + DemoClient.CALLBACK);
    form.put("code_verifier", String.valueOf(visit.verifier));
    return keep(visit, post("/oauth2/token", form, null));
  }

  JsonObject refresh(Visit visit) throws IOException, InterruptedException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", clientId);
    form.put("refresh_token", token(visit, "refresh_token"));
    return keep(visit, post("/oauth2/token", form, null));
  }

  JsonObject introspect(Visit visit) throws IOException, InterruptedException {
    var credentials = introspector + ":" + introspectorSecret;
    var basic =
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return post("/oauth2/introspect", Map.of("token", token(visit, "access_token")), basic);
  }

  JsonObject revoke(Visit visit) throws IOException, InterruptedException {
    return post(
        "/oauth2/revoke",
        Map.of("client_id", clientId, "token", token(visit, "refresh_token")),
        null);
  }

  /// The claims of a JWT, for show: whoever relies on them must check the signature first.
  static JsonObject claims(String jwt) {
    var parts = jwt.split("\\.", -1);
    return parts.length == 3
        ? new JsonObject(
            new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
        : new JsonObject();
  }

  private static JsonObject keep(Visit visit, JsonObject answer) {
    if (answer.containsKey("access_token")) {
      var before = visit.tokens;
      if (before != null && before.containsKey("id_token")) {
        answer.put("id_token", before.getString("id_token"));
      }
      visit.tokens = answer;
      return new JsonObject()
          .put("scope", answer.getString("scope"))
          .put("expires_in", answer.getInteger("expires_in"));
    }
    return answer;
  }

  private static String token(Visit visit, String name) {
    var tokens = visit.tokens;
    return tokens == null ? "" : tokens.getString(name, "");
  }

  private JsonObject post(String path, Map<String, String> form, @Nullable String authorization)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(latchkeyUrl + path))
            .timeout(DEADLINE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    var body = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    try {
      return new JsonObject(body);
    } catch (DecodeException e) {
      throw new IOException("the answer is no JSON", e);
    }
  }

  private static String challenge(String verifier) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Digest.sha256(verifier));
  }

  private static String encode(Map<String, String> form) {
    var text = new StringBuilder();
    form.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Override
  public String toString() {
    return "DemoTokens[" + clientId + "]";
  }
}
