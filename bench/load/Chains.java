import java.nio.file.Files;
import java.util.function.Function;

/// Pairs of tokens, each the successor of the one before.
final class Chains {
  private Chains() {}

  /// What stands in a file for the tokens of an answer; a server that keeps the refresh token sends none.
  static String line(Connection.Answer answer) {
    return Requests.found(Requests.ACCESS, answer.body()) + " " + Requests.found(Requests.REFRESH, answer.body(), "-");
  }

  /// Every connection refreshes its own pairs in turn; the file has the last ones in the end, so that they can go on.
  static void turn(Load load, Requests requests, Function<String, byte[]> request) throws Exception {
    var held = requests.lines("tokens").stream().map(line -> line.split(" ")).toArray(String[][]::new);
    int connections = requests.number("connections", 32);
    if (held.length < connections) {
      throw new IllegalArgumentException(held.length + " pairs of tokens are too few for " + connections + " connections");
    }
    load.timed(
        number -> {
          int[] at = {number};
          return connection -> {
            var tokens = held[at[0]];
            var answer = connection.send(request.apply(tokens[1]));
            if (load.counted(answer)) {
              tokens[0] = Requests.found(Requests.ACCESS, answer.body());
              tokens[1] = Requests.found(Requests.REFRESH, answer.body(), tokens[1]);
            }
            at[0] = at[0] + connections < held.length ? at[0] + connections : number;
          };
        });
    Files.write(requests.path("tokens"), java.util.Arrays.stream(held).map(tokens -> String.join(" ", tokens)).toList());
  }
}
