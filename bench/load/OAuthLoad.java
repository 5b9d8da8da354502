import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Requests of OAuth clients, and of people at the sign-in page.
final class OAuthLoad {
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
  private static final Pattern ACTIVE = Pattern.compile("\"active\"\\s*:\\s*true");
  private static final int SEE_OTHER = 303;

  private final Load load;
  private final Requests requests;

  OAuthLoad(Load load, Requests requests) {
    this.load = load;
    this.requests = requests;
  }

  void get() throws Exception {
    var request = requests.get(requests.option("path", "/"));
    load.timed(_ -> connection -> load.counted(connection.send(request)));
  }

  void introspect() throws Exception {
    var path = requests.option("path", "/oauth2/introspect");
    var asked = new ArrayList<byte[]>();
    for (var line : requests.lines("tokens")) {
      var form = "token=" + Requests.encode(line.split(" ")[0]) + "&token_type_hint=access_token";
      asked.add(requests.form(path, form, "Authorization: " + requests.option("auth", "") + "\r\n"));
    }
    if (requests.option("once", "").equals("true")) {
      load.each(asked, _ -> (connection, request) -> active(connection.send(request)));
    } else {
      load.timed(
          number -> {
            int[] at = {number};
            return connection -> active(connection.send(asked.get((at[0] += 37) % asked.size())));
          });
    }
  }

  /// To say that a token is not active is cheaper, and not what is measured.
  private void active(Connection.Answer answer) {
    if (load.counted(answer) && !ACTIVE.matcher(answer.body()).find()) {
      load.note("inactive");
    }
  }

  void refresh() throws Exception {
    var path = requests.option("path", "/oauth2/token");
    var start = "grant_type=refresh_token&" + requests.client() + "&refresh_token=";
    Chains.turn(load, requests, token -> requests.form(path, start + Requests.encode(token), requests.basic()));
  }

  void exchange() throws Exception {
    var out = new ConcurrentLinkedQueue<String>();
    var path = requests.option("path", "/oauth2/token");
    var rest =
        "&grant_type=authorization_code&" + requests.client() + "&redirect_uri=" + Requests.encode(requests.option("redirect", ""))
            + "&code_verifier=" + Requests.encode(requests.option("verifier", ""));
    load.each(
        requests.lines("codes"),
        _ ->
            (connection, code) -> {
              var answer = connection.send(requests.form(path, "code=" + Requests.encode(code) + rest, requests.basic()));
              if (load.counted(answer)) {
                out.add(Chains.line(answer));
              }
            });
    Files.write(requests.path("out"), out);
  }

  void revoke() throws Exception {
    var path = requests.option("path", "/oauth2/revoke");
    load.each(
        requests.lines("tokens"),
        _ ->
            (connection, line) -> {
              var form = "token=" + Requests.encode(line.split(" ")[0]) + "&" + requests.client();
              load.counted(connection.send(requests.form(path, form, requests.basic())));
            });
  }

  /// Every connection has the page before the measurement begins, and sends its form again and again, each time as a
  /// browser that was never signed in.
  void login() throws Exception {
    var form = "&username=" + Requests.encode(requests.option("user", "")) + "&password=" + Requests.encode(requests.option("password", ""));
    load.each(
        IntStream.range(0, requests.number("count", 400)).boxed().toList(),
        connection -> {
          var page = connection.send(requests.get("/login"));
          var request = requests.form("/login", "csrf=" + Requests.encode(Requests.found(CSRF, page.body())) + form, cookies(page));
          return (_, _) -> load.counted(connection.send(request), SEE_OTHER);
        });
  }

  private static String cookies(Connection.Answer page) {
    var pairs =
        page.head().lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
            .map(line -> line.substring(11).split(";")[0].trim())
            .toList();
    return "Cookie: " + String.join("; ", pairs) + "\r\n";
  }
}
