package latchkey.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import latchkey.world.FakeUpstream.Asked;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.FakeUpstream.Fault;
import org.jspecify.annotations.Nullable;

/// The HTTP of a [FakeUpstream].
final class UpstreamDoor {
  private static final int OVERSIZE = 8 << 20;

  /// What a code or a refresh token stands for.
  ///
  /// @param request the parameters of the authorization request
  private record Granted(String subject, Map<String, String> request) {}

  /// @param headers by name
  private record Answer(int status, Map<String, String> headers, String body) {}

  private final FakeUpstream provider;
  private final Map<String, Granted> codes = new ConcurrentHashMap<>();
  private final Map<String, Granted> refreshTokens = new ConcurrentHashMap<>();
  private final Map<String, String> subjects = new ConcurrentHashMap<>();
  private final int port;
  private @Nullable HttpServer server;

  UpstreamDoor(FakeUpstream provider) {
    this.provider = provider;
    var http = listen(0);
    server = http;
    port = http.getAddress().getPort();
  }

  int port() {
    return port;
  }

  synchronized void open() {
    if (server == null) {
      server = listen(port);
    }
  }

  synchronized void close() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  void forget() {
    codes.clear();
    refreshTokens.clear();
    subjects.clear();
  }

  void forgetAccessTokens() {
    subjects.clear();
  }

  private HttpServer listen(int at) {
    try {
      var http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 200);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      for (var endpoint : Endpoint.values()) {
        http.createContext(FakeUpstream.PATH + endpoint.path, exchange -> take(exchange, endpoint));
      }
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange, Endpoint endpoint) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var query = exchange.getRequestURI().getRawQuery();
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    var form = form(body.isEmpty() ? (query == null ? "" : query) : body);
    var request = new Asked(endpoint, exchange.getRequestMethod(), form, Map.copyOf(headers));
    provider.asked.add(request);
    var fault = provider.faults.get(endpoint);
    if (fault == Fault.HANGS) {
      await();
    }
    send(exchange, fault == null ? answer(request) : faulty(fault, request), fault);
  }

  private void await() {
    try {
      provider.stuck.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer faulty(Fault fault, Asked request) {
    return switch (fault) {
      case HANGS, FAILS -> new Answer(500, Map.of(), "ouch");
      case IS_AWAY -> new Answer(503, Map.of(), "be right back");
      case HAS_ENOUGH -> new Answer(429, Map.of("Retry-After", "30"), "slow down");
      case BABBLES -> json(200, "<html>Welcome!</html>");
      case REDIRECTS -> new Answer(302, Map.of("Location", provider.url(Endpoint.ELSEWHERE)), "");
      case TRICKLES, OVERSIZED -> answer(request);
    };
  }

  private static void send(HttpExchange exchange, Answer answer, @Nullable Fault fault)
      throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : 0);
    try (var out = exchange.getResponseBody()) {
      if (fault == Fault.OVERSIZED) {
        out.write(" ".repeat(OVERSIZE).getBytes(StandardCharsets.UTF_8));
      }
      if (fault != Fault.TRICKLES) {
        out.write(body);
        return;
      }
      for (byte one : body) {
        out.write(one);
        out.flush();
        Replica.pause(Duration.ofMillis(200));
      }
    }
  }

  private Answer answer(Asked request) {
    return switch (request.endpoint()) {
      case METADATA -> json(200, FakeUpstream.json(metadata()));
      case KEYS -> keys();
      case AUTHORIZE -> authorize(request.parameters());
      case TOKEN -> token(request);
      case USERINFO -> userinfo(request.headers());
      case END_SESSION -> endSession(request.parameters());
      case ELSEWHERE -> json(200, FakeUpstream.json(metadata()));
    };
  }

  /// OpenID Connect Discovery 1.0 §3.
  private Map<String, Object> metadata() {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("issuer", provider.issuer());
    metadata.put("authorization_endpoint", provider.url(Endpoint.AUTHORIZE));
    metadata.put("token_endpoint", provider.url(Endpoint.TOKEN));
    metadata.put("userinfo_endpoint", provider.url(Endpoint.USERINFO));
    metadata.put("jwks_uri", provider.url(Endpoint.KEYS));
    metadata.put("end_session_endpoint", provider.url(Endpoint.END_SESSION));
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("response_modes_supported", List.of("query", "form_post"));
    metadata.put("subject_types_supported", List.of("public"));
    metadata.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256", "HS256"));
    metadata.put("code_challenge_methods_supported", List.of("plain", "S256"));
    metadata.put("authorization_response_iss_parameter_supported", true);
    metadata.put("backchannel_logout_supported", true);
    metadata.put("backchannel_logout_session_supported", true);
    provider.metadataChange.accept(metadata);
    return metadata;
  }

  private Answer keys() {
    var keys = provider.signer.publicKeys();
    provider.keysChange.accept(keys);
    return json(200, FakeUpstream.json(Map.of("keys", keys)));
  }

  /// OpenID Connect Core 3.1.2. Who is unfit to be redirected gets a page.
  private Answer authorize(Map<String, String> request) {
    var back = request.getOrDefault("redirect_uri", "");
    if (!request.getOrDefault("client_id", "").equals(FakeUpstream.CLIENT_ID) || back.isEmpty()) {
      return html(400, "unknown client, or no redirect URI");
    }
    var answer = new LinkedHashMap<String, String>();
    if (request.containsKey("state")) {
      answer.put("state", request.get("state"));
    }
    answer.put("iss", provider.issuer());
    if (!"code".equals(request.get("response_type"))) {
      answer.put("error", "unsupported_response_type");
    } else if (!provider.refusal.isEmpty()) {
      answer.putAll(provider.refusal);
    } else if (!provider.isWelcome(provider.atTheBrowser)) {
      answer.put("error", "access_denied");
    } else {
      var code = provider.signer.random();
      codes.put(code, new Granted(provider.atTheBrowser, Map.copyOf(request)));
      answer.put("code", code);
    }
    provider.callbackChange.accept(answer);
    return "form_post".equals(request.get("response_mode"))
        ? html(200, posted(back, answer))
        : redirect(back, answer);
  }

  private static Answer redirect(String to, Map<String, String> parameters) {
    var encoded = Browser.encode(parameters);
    var url = encoded.isEmpty() ? to : to + (to.contains("?") ? "&" : "?") + encoded;
    return new Answer(302, Map.of("Location", url), "");
  }

  private static String posted(String to, Map<String, String> parameters) {
    var inputs = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            inputs.append(
                "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                    .formatted(name, value.replace("&", "&amp;").replace("\"", "&quot;"))));
    return "<body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"%s\">%s</form></body>"
        .formatted(to, inputs);
  }

  private Answer token(Asked request) {
    var form = request.parameters();
    var complaint =
        provider.clientCheck.complaint(request.headers().getOrDefault("authorization", ""), form);
    if (!complaint.isEmpty()) {
      return tokenError(401, "invalid_client", complaint);
    }
    var granted =
        switch (form.getOrDefault("grant_type", "")) {
          case "authorization_code" ->
              provider.takesCodesTwice
                  ? codes.get(form.getOrDefault("code", ""))
                  : codes.remove(form.getOrDefault("code", ""));
          case "refresh_token" -> refreshTokens.remove(form.getOrDefault("refresh_token", ""));
          default -> null;
        };
    if (granted == null || !provider.isWelcome(granted.subject())) {
      return tokenError(400, "invalid_grant", "unknown, used, or nobody's any more");
    }
    boolean isFirst = form.containsKey("code");
    if (isFirst && !fits(form, granted.request())) {
      return tokenError(400, "invalid_grant", "redirect_uri or code_verifier does not fit");
    }
    var answer = tokens(granted, isFirst ? granted.request().getOrDefault("nonce", "") : "");
    provider.tokenChange.accept(answer);
    boolean isForm =
        provider.hasGitHubManners && !request.headers().getOrDefault("accept", "").contains("json");
    return isForm ? formAnswer(answer) : json(200, FakeUpstream.json(answer));
  }

  /// RFC 6749 §4.1.3, RFC 7636 §4.6.
  private static boolean fits(Map<String, String> form, Map<String, String> request) {
    var challenge = request.get("code_challenge");
    var verifier = form.get("code_verifier");
    boolean proven =
        challenge == null
            ? verifier == null
            : verifier != null
                && "S256".equals(request.get("code_challenge_method"))
                && Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(UpstreamSigner.sha256(verifier))
                    .equals(challenge);
    return proven && request.getOrDefault("redirect_uri", "").equals(form.get("redirect_uri"));
  }

  private Map<String, Object> tokens(Granted granted, String nonce) {
    var access = provider.signer.random();
    var refresh = provider.signer.random();
    subjects.put(access, granted.subject());
    refreshTokens.put(refresh, granted);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("access_token", access);
    answer.put("token_type", "Bearer");
    answer.put("expires_in", 300);
    answer.put("refresh_token", refresh);
    if (provider.hasIdTokens) {
      answer.put("id_token", provider.signer.idToken(granted.subject(), nonce, access));
    }
    return answer;
  }

  private Answer tokenError(int status, String error, String description) {
    var body = FakeUpstream.json(Map.of("error", error, "error_description", description));
    return json(provider.hasGitHubManners ? 200 : status, body);
  }

  private static Answer formAnswer(Map<String, Object> members) {
    var form = new LinkedHashMap<String, String>();
    members.forEach((name, value) -> form.put(name, String.valueOf(value)));
    return new Answer(
        200, Map.of("Content-Type", "application/x-www-form-urlencoded"), Browser.encode(form));
  }

  /// OpenID Connect Core 5.3.
  private Answer userinfo(Map<String, String> headers) {
    if (provider.hasGitHubManners && !headers.containsKey("user-agent")) {
      return json(403, "{\"message\":\"no User-Agent\"}");
    }
    var token = headers.getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
    var subject = subjects.get(token);
    if (subject == null || !provider.isWelcome(subject)) {
      return json(401, "{\"error\":\"invalid_token\"}");
    }
    var claims = provider.claimsOf(subject);
    claims.put("sub", subject);
    boolean signed = !provider.userinfoAlgorithm.isEmpty();
    if (signed) {
      claims.put("iss", provider.issuer());
      claims.put("aud", FakeUpstream.CLIENT_ID);
    }
    provider.userinfoChange.accept(claims);
    if (signed) {
      var jwt = provider.signer.sign("JWT", claims, provider.userinfoAlgorithm);
      return new Answer(200, Map.of("Content-Type", "application/jwt"), jwt);
    }
    return json(200, FakeUpstream.json(claims));
  }

  /// OpenID Connect RP-Initiated Logout 1.0 §2 and §3.
  private static Answer endSession(Map<String, String> request) {
    var back = request.getOrDefault("post_logout_redirect_uri", "");
    if (back.isEmpty()) {
      return html(200, "signed out");
    }
    var state = request.get("state");
    return redirect(back, state == null ? Map.of() : Map.of("state", state));
  }

  private static Map<String, String> form(String encoded) {
    var form = new LinkedHashMap<String, String>();
    for (var pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Answer json(int status, String body) {
    return new Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  private static Answer html(int status, String body) {
    return new Answer(status, Map.of("Content-Type", "text/html"), body);
  }
}
