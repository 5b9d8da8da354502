package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// Feeds nonsense to every endpoint, byte for byte: the spec's status in the endpoint's own words,
/// never a 5xx.
@QuarkusTest
@WithTestResource(House.class)
class MalformedInputTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> FORMS =
      List.of(
          "/oauth2/token",
          "/oauth2/introspect",
          "/oauth2/revoke",
          "/oauth2/userinfo",
          "/authorize",
          "/login",
          "/logout",
          "/consent/01KB0000000000000000000009");

  /// What each answers to a query that can be read but says things twice.
  private static final Map<String, Integer> GETS =
      Map.of(
          "/authorize", 400,
          "/login", 200,
          "/.well-known/webfinger", 400,
          "/oauth2/userinfo", 400,
          "/consent/01KB0000000000000000000009", 404,
          "/account", 303,
          "/account/", 303,
          "/", 200);

  private static final List<String> DOCUMENTS =
      List.of(
          "/.well-known/openid-configuration",
          "/oauth2/keys.json",
          "/_matrix/client/v1/auth_metadata");
  private static final List<String> PLAIN =
      List.of("/health", "/health/ready", "/metrics", "/assets/latchkey.css");

  /// Ways to spell a path that a router would tidy up into another.
  private static final List<String> DISGUISED =
      List.of(
          "/%61uthorize",
          "/oauth2/%74oken",
          "/oauth2/token;x=1",
          "/oauth2//token",
          "//authorize",
          "/assets/..",
          "/assets/%2e%2e",
          "/assets/../login",
          "/./login",
          "/login/",
          "/account/.",
          "/consent/a%2Fb",
          "/consent/%00",
          "/consent/a%5Cb");

  @Inject World world;

  private record Answer(int status, String type, String body) {}

  private record Case(String name, byte[] request, Set<Integer> expected) {}

  @Test
  void nonsense_is_refused_by_every_endpoint_in_its_own_words() throws IOException {
    world.awaitReady();
    var failures = new ArrayList<String>();
    for (var test : cases()) {
      var answer = send(test.request());
      boolean page =
          test.name().contains("/login")
              || test.name().contains("/logout")
              || test.name().contains("/consent")
              || test.name().contains("/authorize")
              || test.name().contains("/account")
              || test.name().endsWith(" /");
      boolean right =
          test.expected().contains(answer.status())
              && (answer.status() < 400
                  || (page
                      ? answer.type().startsWith("text/html")
                      : answer.type().startsWith("application/json")
                          && answer.body().contains("\"error\"")
                          && !answer.body().contains("errcode")));
      if (!right) {
        failures.add(test.name() + " -> " + answer);
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void what_probes_and_pages_fetch_refuses_nonsense_too() throws IOException {
    world.awaitReady();
    for (var path : PLAIN) {
      assertThat(send(get(path, "?a=1&a=2", Set.of()).request()).status()).isEqualTo(200);
      assertThat(send(get(path, "?a=%zz", Set.of()).request()).status()).isEqualTo(400);
      var tooLong = get(path, "?" + "x".repeat(20_000), Set.of());
      assertThat(send(tooLong.request()).status()).isEqualTo(414);
      var tooMuch = headers("GET", path, 100_000, Set.of());
      assertThat(send(tooMuch.request()).status()).isEqualTo(431);
    }
  }

  @Test
  void a_path_in_disguise_leads_nowhere() throws IOException {
    world.awaitReady();
    for (var path : DISGUISED) {
      for (var request :
          List.of(get(path, "", Set.of()), post(path, "form", FORM, new byte[0], Set.of()))) {
        assertThat(send(request.request()).status()).as(request.name()).isEqualTo(404);
      }
    }
  }

  private static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (var path : FORMS) {
      form(cases, path, "percent", "grant_type=%zz&token=%", Set.of(400));
      form(
          cases,
          path,
          "repeated",
          "grant_type=a&grant_type=b&token=a&token=b&csrf=a&csrf=b&access_token=a&access_token=b",
          Set.of(400));
      form(
          cases,
          path,
          "empty",
          "",
          path.equals("/oauth2/userinfo") ? Set.of(401) : Set.of(400, 404));
      form(
          cases,
          path,
          "empty values",
          "grant_type=&token=&client_id=&csrf=&access_token=",
          path.equals("/oauth2/userinfo") ? Set.of(401) : Set.of(400));
      form(
          cases,
          path,
          "nul",
          "grant_type=a%00b&token=%00&csrf=%00&access_token=%00&username=%00",
          Set.of(400));
      form(
          cases,
          path,
          "not utf-8",
          "grant_type=%ff%fe&token=%c3%28&csrf=%ff&access_token=%ff",
          Set.of(400));
      cases.add(
          post(
              path,
              "raw bytes",
              FORM,
              new byte[] {'t', 'o', 'k', 'e', 'n', '=', (byte) 0xff, 0, 1},
              Set.of(400)));
      cases.add(
          post(
              path,
              "json as form",
              FORM,
              "{\"grant_type\":\"refresh_token\"}".getBytes(StandardCharsets.UTF_8),
              path.equals("/oauth2/userinfo") ? Set.of(401) : Set.of(400)));
      cases.add(
          post(
              path,
              "json type",
              "application/json",
              "{}".getBytes(StandardCharsets.UTF_8),
              Set.of(415)));
      cases.add(
          post(
              path,
              "no type",
              null,
              "token=a".getBytes(StandardCharsets.UTF_8),
              path.equals("/oauth2/userinfo") ? Set.of(401) : Set.of(415)));
      cases.add(post(path, "1 MB", FORM, megabytes(1), Set.of(413)));
      cases.add(post(path, "3 MB", FORM, megabytes(3), Set.of(413)));
      cases.add(chunked(path));
      cases.add(headers("POST", path, 100_000, Set.of(431)));
    }
    for (var path : GETS.keySet()) {
      cases.add(get(path, "?client_id=%zz&resource=%", Set.of(400)));
      cases.add(get(path, "?client_id=%00&resource=%00", Set.of(400)));
      cases.add(get(path, "?client_id=%ff&resource=%ff", Set.of(400)));
      cases.add(
          get(path, "?client_id=a&client_id=b&resource=a&resource=b", Set.of(GETS.get(path))));
      cases.add(get(path, "?" + "x".repeat(20_000), Set.of(414)));
      cases.add(headers("GET", path, 100_000, Set.of(431)));
    }
    var registration = "/oauth2/registration";
    for (var body :
        List.of("", "{", "[]", "\"x\"", "{\"a\":1,\"a\":2}", "{} {}", "[".repeat(5000), "nul\0")) {
      cases.add(
          post(
              registration,
              body.length() > 20 ? "deep" : body,
              "application/json",
              body.getBytes(StandardCharsets.UTF_8),
              Set.of(400)));
    }
    cases.add(
        post(
            registration,
            "not utf-8",
            "application/json",
            new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
            Set.of(400)));
    cases.add(
        post(registration, "form", FORM, "a=b".getBytes(StandardCharsets.UTF_8), Set.of(415)));
    cases.add(
        post(registration, "no type", null, "{}".getBytes(StandardCharsets.UTF_8), Set.of(415)));
    cases.add(post(registration, "1 MB", "application/json", megabytes(1), Set.of(413)));
    cases.add(post(registration, "3 MB", "application/json", megabytes(3), Set.of(413)));
    cases.add(headers("POST", registration, 100_000, Set.of(431)));
    for (var path : DOCUMENTS) {
      cases.add(get(path, "?a=1&a=2&b=", Set.of(200)));
      cases.add(get(path, "?a=%zz", Set.of(400)));
      cases.add(get(path, "?" + "x".repeat(20_000), Set.of(414)));
      cases.add(headers("GET", path, 100_000, Set.of(431)));
    }
    return cases;
  }

  private static void form(
      List<Case> cases, String path, String name, String body, Set<Integer> expected) {
    cases.add(post(path, name, FORM, body.getBytes(StandardCharsets.ISO_8859_1), expected));
  }

  private static Case post(
      String path, String name, String type, byte[] body, Set<Integer> expected) {
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + body.length
            + (type == null ? "" : "\r\nContent-Type: " + type)
            + "\r\n\r\n";
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return new Case(name + " to " + path, request.toByteArray(), expected);
  }

  private static Case chunked(String path) {
    var chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
    var request =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nContent-Type: "
            + FORM
            + "\r\n\r\n"
            + chunk.repeat(20)
            + "0\r\n\r\n";
    return new Case(
        "1.3 MB in chunks to " + path, request.getBytes(StandardCharsets.US_ASCII), Set.of(413));
  }

  private static Case get(String path, String query, Set<Integer> expected) {
    var request =
        "GET " + path + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    var name = query.length() > 60 ? "long query" : query;
    return new Case(name + " to " + path, request.getBytes(StandardCharsets.ISO_8859_1), expected);
  }

  private static Case headers(String method, String path, int size, Set<Integer> expected) {
    var request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Large: "
            + "x".repeat(size)
            + "\r\n\r\n";
    return new Case(
        "large headers by " + method + " to " + path,
        request.getBytes(StandardCharsets.US_ASCII),
        expected);
  }

  private static byte[] megabytes(int count) {
    var bytes = new byte[count * 1024 * 1024];
    java.util.Arrays.fill(bytes, (byte) 'a');
    return bytes;
  }

  private static Answer send(byte[] request) throws IOException {
    try (var socket = new Socket(InetAddress.getByName("localhost"), House.port())) {
      socket.setSoTimeout(10_000);
      var writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      socket.getOutputStream().write(request);
                      socket.getOutputStream().flush();
                    } catch (IOException e) {
                      // the server has heard enough
                    }
                  });
      var answer = read(socket);
      writer.interrupt();
      return answer;
    }
  }

  private static Answer read(Socket socket) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var buffer = new byte[8192];
    try {
      for (int read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        bytes.write(buffer, 0, read);
        var text = bytes.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end > 0 && text.length() - end - 4 >= length(text.substring(0, end))) {
          break;
        }
      }
    } catch (java.net.SocketException e) {
      // reset after the answer, because we were still sending
    }
    var text = bytes.toString(StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      return new Answer(0, "", "the connection was closed without an answer");
    }
    int end = text.indexOf("\r\n\r\n");
    var head = text.substring(0, Math.max(end, 0));
    return new Answer(
        Integer.parseInt(text.substring(9, 12)),
        header(head, "content-type"),
        text.substring(end + 4));
  }

  private static int length(String head) {
    var length = header(head, "content-length");
    return length.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(length);
  }

  private static String header(String head, String name) {
    for (var line : head.split("\r\n", -1)) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }
}
