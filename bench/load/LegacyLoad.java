import java.nio.file.Files;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Requests of Matrix clients that know no OAuth.
final class LegacyLoad {
  private static final String API = "/_matrix/client/v3";

  private final Load load;
  private final Requests requests;

  LegacyLoad(Load load, Requests requests) {
    this.load = load;
    this.requests = requests;
  }

  void login() throws Exception {
    var password = requests.option("password", "");
    logIn(
        "users",
        user ->
            "{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"" + user + "\"},\"password\":\"" + password
                + "\",\"refresh_token\":true}");
  }

  void token() throws Exception {
    logIn("tokens", token -> "{\"type\":\"m.login.token\",\"token\":\"" + token + "\",\"refresh_token\":true}");
  }

  private void logIn(String lines, Function<String, String> body) throws Exception {
    var out = new ConcurrentLinkedQueue<String>();
    load.each(
        requests.lines(lines),
        _ ->
            (connection, line) -> {
              var answer = connection.send(requests.json(API + "/login", body.apply(line), ""));
              if (load.counted(answer)) {
                out.add(Chains.line(answer));
              }
            });
    if (!requests.option("out", "").isEmpty()) {
      Files.write(requests.path("out"), out);
    }
  }

  void refresh() throws Exception {
    Chains.turn(load, requests, token -> requests.json(API + "/refresh", "{\"refresh_token\":\"" + token + "\"}", ""));
  }

  void logout() throws Exception {
    load.each(
        requests.lines("tokens"),
        _ ->
            (connection, line) -> {
              var bearer = "Authorization: Bearer " + line.split(" ")[0] + "\r\n";
              load.counted(connection.send(requests.json(API + "/logout", "{}", bearer)));
            });
  }
}
