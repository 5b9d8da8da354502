import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What was asked for on the command line, and requests made of it.
record Requests(Map<String, String> options) {
  static final Pattern ACCESS = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");
  static final Pattern REFRESH = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)\"");

  private static final String FORM = "application/x-www-form-urlencoded";

  String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(option(name, String.valueOf(otherwise)));
  }

  List<String> lines(String option) throws IOException {
    return Files.readAllLines(path(option));
  }

  Path path(String option) {
    return Path.of(option(option, ""));
  }

  URI url() {
    return URI.create(option("url", "http://127.0.0.1:8080"));
  }

  byte[] get(String path) {
    return get(path, "");
  }

  byte[] get(String path, String headers) {
    return bytes("GET " + path + " HTTP/1.1\r\n" + host() + headers + "\r\n");
  }

  byte[] form(String path, String form, String headers) {
    return post(path, FORM, form, headers);
  }

  byte[] json(String path, String json, String headers) {
    return post(path, "application/json", json, headers);
  }

  private byte[] post(String path, String type, String body, String headers) {
    return bytes(
        "POST " + path + " HTTP/1.1\r\n" + host() + headers + "Content-Type: " + type + "\r\nContent-Length: " + bytes(body).length
            + "\r\n\r\n" + body);
  }

  private String host() {
    var url = url();
    return "Host: " + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + "\r\n";
  }

  /// How the client says who it is in a form; one with a secret proves it in a header.
  String client() {
    return "client_id=" + encode(option("client", ""));
  }

  String basic() {
    var secret = option("secret", "");
    return secret.isEmpty()
        ? ""
        : "Authorization: Basic "
            + Base64.getEncoder().encodeToString(bytes(encode(option("client", "")) + ":" + encode(secret)))
            + "\r\n";
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String found(Pattern pattern, String text) {
    Matcher match = pattern.matcher(text);
    if (!match.find()) {
      throw new IllegalStateException("not found: " + pattern + " in an answer of " + text.length() + " characters");
    }
    return match.group(1);
  }

  static String found(Pattern pattern, String text, String otherwise) {
    Matcher match = pattern.matcher(text);
    return match.find() ? match.group(1) : otherwise;
  }
}
