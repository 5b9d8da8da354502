package latchkey.cli.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Walks the whole demo without a person, so that a run which trains the AOT cache has loaded what
/// real logins need.
public final class Rehearsal {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
  private static final int ROUNDS = 3;

  private final String latchkey;
  private final String demo;
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /// @param latchkey without slash at the end
  /// @param demo the demo client, without slash at the end
  public Rehearsal(String latchkey, String demo) {
    this.latchkey = latchkey;
    this.demo = demo;
  }

  /// @throws IOException if a step does not go as it would for a person
  public void walk(String username, String password) throws IOException, InterruptedException {
    for (var path :
        List.of("/.well-known/openid-configuration", "/oauth2/keys.json", "/health", "/")) {
      get(latchkey + path);
    }
    for (int round = 0; round < ROUNDS; round++) {
      var page = get(demo + "/login");
      if (page.uri().getPath().endsWith("/login")) {
        page = submit(page, Map.of("username", username, "password", password));
      }
      requireAt(page, "/consent/");
      requireAt(submit(page, Map.of()), "/");
      for (var act : List.of("/refresh", "/introspect", "/revoke", "/signout")) {
        post(URI.create(demo + act), "");
      }
    }
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).GET());
  }

  private HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> typed)
      throws IOException, InterruptedException {
    var fields = new LinkedHashMap<>(typed);
    var hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      fields.put(hidden.group(1), hidden.group(2));
    }
    var form = new StringBuilder();
    fields.forEach(
        (name, value) ->
            form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return post(page.uri(), form.toString());
  }

  private HttpResponse<String> post(URI url, String form) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var answer =
        http.send(
            request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.uri().getPath() + " answered " + answer.statusCode());
    }
    return answer;
  }

  private static void requireAt(HttpResponse<String> page, String path) throws IOException {
    if (!page.uri().getPath().startsWith(path)) {
      throw new IOException("came to " + page.uri().getPath() + " instead of " + path);
    }
  }
}
