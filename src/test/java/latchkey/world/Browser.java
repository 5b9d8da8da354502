package latchkey.world;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// A browser without JavaScript: it keeps cookies, follows no redirect by itself, and can send the
/// form on a page.
public final class Browser {
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final Map<String, String> cookies = new HashMap<>();
  private final String userAgent;
  private final UnaryOperator<String> resolve;
  private String languages = "";
  private String address = "";

  public Browser() {
    this(FIREFOX);
  }

  public Browser(String userAgent) {
    this(userAgent, House::resolve);
  }

  private Browser(String userAgent, UnaryOperator<String> resolve) {
    this.userAgent = userAgent;
    this.resolve = resolve;
  }

  /// One whose paths are below another base than the house's.
  static Browser at(String base) {
    return new Browser(FIREFOX, link -> link.startsWith("http") ? link : base + link);
  }

  /// The same browser, asking for pages in these languages.
  public Browser speaking(String acceptLanguage) {
    languages = acceptLanguage;
    return this;
  }

  /// The same browser, at this address from now on.
  public Browser from(String ipAddress) {
    address = ipAddress;
    return this;
  }

  /// Another one, with a copy of its cookies.
  public Browser copy() {
    var other = new Browser(userAgent, resolve);
    other.cookies.putAll(cookies);
    other.languages = languages;
    other.address = address;
    return other;
  }

  /// What came back.
  public record Page(int status, String body, Map<String, String> headers) {
    public String location() {
      return headers.getOrDefault("location", "");
    }

    /// What the hidden fields of all its forms say; of one that is there twice the first.
    public Map<String, String> fields() {
      var fields = new LinkedHashMap<String, String>();
      var hidden = HIDDEN.matcher(body);
      while (hidden.find()) {
        fields.putIfAbsent(unescaped(hidden.group(1)), unescaped(hidden.group(2)));
      }
      return fields;
    }

    /// The answer a client finds in a redirect, in its query or fragment, or in what a page posts.
    public Map<String, String> answer() {
      if (status == 200) {
        return fields();
      }
      var url = location();
      int fragment = url.indexOf('#');
      boolean inFragment = fragment >= 0 && fragment < url.length() - 1;
      var text =
          inFragment
              ? url.substring(fragment + 1)
              : url.substring(url.indexOf('?') + 1, fragment < 0 ? url.length() : fragment);
      var answer = new LinkedHashMap<String, String>();
      for (var pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        answer.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
      return answer;
    }
  }

  public Page get(String path) {
    return send(request(path).GET().build());
  }

  /// Sends a form with the hidden fields of a page, and these.
  public Page submit(String path, Page page, Map<String, String> fields) {
    var form = new LinkedHashMap<>(page.fields());
    form.putAll(fields);
    return post(path, form);
  }

  public Page post(String path, Map<String, String> form) {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
            .build());
  }

  /// A form on another site: browsers leave cookies with `SameSite=Lax` at home.
  public Page postFromElsewhere(String path, Map<String, String> form) {
    var kept = Map.copyOf(cookies);
    cookies.clear();
    var page = post(path, form);
    kept.forEach(cookies::putIfAbsent);
    return page;
  }

  public void forgetCookies() {
    cookies.clear();
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  public static String encode(Map<String, String> form) {
    var text = new StringBuilder();
    form.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  private HttpRequest.Builder request(String path) {
    var builder =
        HttpRequest.newBuilder(URI.create(resolve.apply(path)))
            .timeout(Duration.ofSeconds(30))
            .header("User-Agent", userAgent);
    if (!languages.isEmpty()) {
      builder.header("Accept-Language", languages);
    }
    if (!address.isEmpty()) {
      builder.header("X-Forwarded-For", address);
    }
    if (!cookies.isEmpty()) {
      var header = new StringBuilder();
      cookies.forEach(
          (name, value) ->
              header.append(header.isEmpty() ? "" : "; ").append(name).append('=').append(value));
      builder.header("Cookie", header.toString());
    }
    return builder;
  }

  private Page send(HttpRequest request) {
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      for (var cookie : response.headers().allValues("set-cookie")) {
        int equals = cookie.indexOf('=');
        cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1, cookie.indexOf(';')));
      }
      var headers = new HashMap<String, String>();
      response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
      return new Page(response.statusCode(), response.body(), headers);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
