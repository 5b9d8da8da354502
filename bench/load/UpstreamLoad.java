import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Browsers that come back from a [Provider].
final class UpstreamLoad {
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");
  private static final Pattern NONCE = Pattern.compile("[?&]nonce=([^&]+)");
  private static final int SEE_OTHER = 303;
  private static final int TEMPORARY_REDIRECT = 307;

  private final Load load;
  private final Requests requests;

  UpstreamLoad(Load load, Requests requests) {
    this.load = load;
    this.requests = requests;
  }

  /// Each person once, with a browser that was never here: to the provider, back with a code, and on to
  /// where they are signed in. Three requests, counted as one.
  void login() throws Exception {
    load.each(requests.lines("people"), _ -> this::logIn);
  }

  private void logIn(Connection connection, String person) throws IOException {
    var provider = requests.option("provider", "");
    var cookies = new LinkedHashMap<String, String>();
    var sent = get(connection, "/upstream/authorize/" + provider, cookies);
    if (!load.counted(sent, TEMPORARY_REDIRECT)) {
      return;
    }
    var there = location(sent);
    var code = Provider.code(person, Requests.found(NONCE, there));
    var back = get(connection, "/upstream/callback/" + provider + "?code=" + code + "&state=" + Requests.found(STATE, there), cookies);
    if (!load.counted(back, SEE_OTHER)) {
      return;
    }
    var in = get(connection, URI.create(location(back)).getRawPath(), cookies);
    if (load.counted(in, SEE_OTHER) && !cookies.containsKey("session")) {
      load.note("not signed in");
    }
  }

  private Connection.Answer get(Connection connection, String path, Map<String, String> cookies) throws IOException {
    var header = new StringBuilder();
    cookies.forEach((name, value) -> header.append(header.isEmpty() ? "Cookie: " : "; ").append(name).append('=').append(value));
    var answer = connection.send(requests.get(path, header.isEmpty() ? "" : header + "\r\n"));
    answer.head().lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
        .map(line -> line.substring(11).split(";")[0].trim())
        .forEach(pair -> cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)));
    return answer;
  }

  private static String location(Connection.Answer answer) {
    return answer.head().lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("location:"))
        .map(line -> line.substring(9).trim())
        .findFirst()
        .orElseThrow();
  }
}
