import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A load generator for the endpoints of an OAuth server, for any server that speaks them. One file,
/// nothing but the JDK: `java bench/Load.java KIND name=value …`, one JSON line comes out.
///
///     get         path=/.well-known/openid-configuration
///     introspect  tokens=FILE auth=HEADER [once=true]   one token a line; once: each a single time
///     refresh     tokens=FILE client=ID [secret=S]      "access refresh" a line; every connection turns its own chains
///     exchange    codes=FILE client=ID redirect=URI verifier=V out=FILE     each code once
///     revoke      tokens=FILE client=ID                 each access token once
///     login       user=U password=P count=N             sign-ins over the pages of Latchkey
///     homeserver  port=P                                a homeserver that says yes at once, until it is ended
///
/// Common: `url=http://127.0.0.1:8080 connections=32 seconds=10 warm=3`. It speaks plain HTTP/1.1 and
/// keeps its connections alive; answers other than 200 are counted by status.
final class Load {
  private static final Pattern ACCESS = Pattern.compile("\"access_token\" *: *\"([^\"]+)\"");
  private static final Pattern REFRESH = Pattern.compile("\"refresh_token\" *: *\"([^\"]+)\"");
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

  private final Map<String, String> options;
  private final Map<String, AtomicInteger> others = new TreeMap<>();

  private Load(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String[] words) throws Exception {
    var options = new TreeMap<String, String>();
    for (var word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.indexOf('=');
      options.put(word.substring(0, equals), word.substring(equals + 1));
    }
    var load = new Load(options);
    switch (words[0]) {
      case "get" -> load.timed(_ -> load.get());
      case "introspect" -> load.introspect();
      case "refresh" -> load.refresh();
      case "exchange" -> load.exchange();
      case "revoke" -> load.revoke();
      case "login" -> load.login();
      case "homeserver" -> load.homeserver();
      default -> throw new IllegalArgumentException("unknown: " + words[0]);
    }
  }

  /// What one connection sends next; null when it has nothing left.
  private interface Source {
    boolean next(Connection connection) throws IOException;
  }

  private interface Sources {
    Source of(int connection);
  }

  private Source get() {
    var request = bytes("GET " + option("path", "/") + " HTTP/1.1\r\n" + host() + "\r\n");
    return connection -> counted(connection.send(request));
  }

  private void introspect() throws Exception {
    var requests = new ArrayList<byte[]>();
    for (var line : lines("tokens")) {
      var form = "token=" + encode(line.split(" ")[0]) + "&token_type_hint=access_token";
      requests.add(post("/oauth2/introspect", form, "Authorization: " + option("auth", "") + "\r\n"));
    }
    if (options.containsKey("once")) {
      each(requests, (connection, request) -> counted(connection.send(request)));
    } else {
      timed(
          number -> {
            int[] at = {number};
            return connection -> counted(connection.send(requests.get((at[0] += 37) % requests.size())));
          });
    }
  }

  private void refresh() throws Exception {
    var held = new ArrayList<>(lines("tokens").stream().map(line -> line.split(" ")).toList());
    int connections = connections();
    timed(
        number -> {
          int[] at = {number};
          return connection -> {
            var tokens = held.get(at[0]);
            var form = "grant_type=refresh_token&client_id=" + option("client", "") + "&refresh_token=" + encode(tokens[1]);
            var answer = connection.send(post("/oauth2/token", form, basic()));
            if (counted(answer)) {
              tokens[0] = found(ACCESS, answer.body());
              tokens[1] = found(REFRESH, answer.body());
            }
            at[0] = at[0] + connections < held.size() ? at[0] + connections : number;
            return true;
          };
        });
    Files.write(Path.of(option("tokens", "")), held.stream().map(tokens -> String.join(" ", tokens)).toList());
  }

  private void exchange() throws Exception {
    var out = new ConcurrentLinkedQueue<String>();
    var rest = "&grant_type=authorization_code&client_id=" + option("client", "") + "&redirect_uri=" + encode(option("redirect", ""))
        + "&code_verifier=" + encode(option("verifier", ""));
    each(
        lines("codes"),
        (connection, code) -> {
          var answer = connection.send(post("/oauth2/token", "code=" + encode(code) + rest, basic()));
          if (counted(answer)) {
            out.add(found(ACCESS, answer.body()) + " " + found(REFRESH, answer.body()));
          }
          return true;
        });
    Files.write(Path.of(option("out", "")), out);
  }

  private void revoke() throws Exception {
    each(
        lines("tokens"),
        (connection, line) ->
            counted(connection.send(post("/oauth2/revoke", "token=" + encode(line.split(" ")[0]) + "&client_id=" + option("client", ""), basic()))));
  }

  private void login() throws Exception {
    var numbers = java.util.stream.IntStream.range(0, Integer.parseInt(option("count", "400"))).boxed().toList();
    each(
        numbers,
        (connection, _) -> {
          var page = connection.send(bytes("GET /login HTTP/1.1\r\n" + host() + "\r\n"));
          var cookies = new StringBuilder();
          page.head().lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
              .forEach(line -> cookies.append(line.substring(11).split(";")[0].trim()).append("; "));
          var form = "csrf=" + encode(found(CSRF, page.body())) + "&username=" + encode(option("user", "")) + "&password="
              + encode(option("password", ""));
          var answer = connection.send(post("/login", form, "Cookie: " + cookies + "\r\n"));
          if (answer.status() != 303) {
            counted(answer);
          }
          return true;
        });
  }

  private boolean counted(Answer answer) {
    if (answer.status() == 200) {
      return true;
    }
    synchronized (others) {
      others.computeIfAbsent(String.valueOf(answer.status()), _ -> new AtomicInteger()).incrementAndGet();
    }
    return false;
  }

  /// Every connection asks for as long as it was told, after warming up.
  private void timed(Sources sources) throws Exception {
    long warm = Long.parseLong(option("warm", "3")) * 1_000_000_000L;
    long seconds = Long.parseLong(option("seconds", "10")) * 1_000_000_000L;
    run(
        number -> {
          var source = sources.of(number);
          return (connection, times) -> {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < warm) {
              source.next(connection);
            }
            // Whoever measures the server begins now.
            if (number == 0) {
              System.err.println("warm");
            }
            begin = System.nanoTime();
            long from = begin;
            while (from - begin < seconds) {
              source.next(connection);
              long to = System.nanoTime();
              times.add(to - from);
              from = to;
            }
          };
        },
        seconds / 1e9);
  }

  private interface Act<T> {
    boolean on(Connection connection, T item) throws IOException;
  }

  /// Every item once.
  private <T> void each(List<T> items, Act<T> act) throws Exception {
    var next = new AtomicInteger();
    System.err.println("warm");
    run(
        _ ->
            (connection, times) -> {
              for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                long from = System.nanoTime();
                act.on(connection, items.get(i));
                times.add(System.nanoTime() - from);
              }
            },
        0);
  }

  private interface Worker {
    void work(Connection connection, Times times) throws IOException;
  }

  private interface Workers {
    Worker of(int number);
  }

  private void run(Workers workers, double seconds) throws Exception {
    var all = new ArrayList<Times>();
    var threads = new ArrayList<Thread>();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    long begin = System.nanoTime();
    for (int i = 0; i < connections(); i++) {
      var worker = workers.of(i);
      var times = new Times();
      all.add(times);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var connection = new Connection(URI.create(option("url", "")))) {
                      worker.work(connection, times);
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      failures.peek().printStackTrace();
      System.exit(1);
    }
    double took = seconds > 0 ? seconds : (System.nanoTime() - begin) / 1e9;
    var sorted = Times.sorted(all);
    var told = new StringBuilder();
    others.forEach((status, count) -> told.append(told.isEmpty() ? "" : ", ").append('"').append(status).append("\": ").append(count));
    System.out.printf(
        Locale.ROOT,
        "{\"requests\": %d, \"seconds\": %.3f, \"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"others\": {%s}}%n",
        sorted.length, took, sorted.length / took, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), told);
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }

  private static final class Times {
    private long[] values = new long[1024];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    static long[] sorted(List<Times> all) {
      var sorted = all.stream().flatMapToLong(times -> Arrays.stream(times.values, 0, times.size)).toArray();
      Arrays.sort(sorted);
      return sorted;
    }
  }

  private record Answer(int status, String head, String body) {}

  /// One connection, kept alive; opened again if the other side hung up between two requests.
  private static final class Connection implements AutoCloseable {
    private final URI url;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    Connection(URI url) throws IOException {
      this.url = url;
      open();
    }

    private void open() throws IOException {
      socket = new Socket(url.getHost(), url.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      out = socket.getOutputStream();
    }

    Answer send(byte[] request) throws IOException {
      out.write(request);
      var head = new StringBuilder(256);
      for (int last4 = 0, c = in.read(); ; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server hung up");
        }
        head.append((char) c);
        last4 = last4 << 8 | c;
        if (last4 == 0x0d0a0d0a) {
          break;
        }
      }
      var text = head.toString();
      var lower = text.toLowerCase(Locale.ROOT);
      int length = lower.indexOf("\ncontent-length:");
      String body;
      if (length >= 0) {
        int count = Integer.parseInt(text.substring(length + 16, text.indexOf('\r', length)).trim());
        body = new String(in.readNBytes(count), StandardCharsets.UTF_8);
      } else {
        body = lower.contains("transfer-encoding: chunked") ? chunks() : "";
      }
      if (lower.contains("\nconnection: close")) {
        socket.close();
        open();
      }
      return new Answer(Integer.parseInt(text.substring(9, 12)), text, body);
    }

    private String chunks() throws IOException {
      var body = new StringBuilder();
      for (int size = Integer.parseInt(line(), 16); ; size = Integer.parseInt(line(), 16)) {
        body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
        line();
        if (size == 0) {
          return body.toString();
        }
      }
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /// Says yes to everything, at once, on as many connections as come.
  private void homeserver() throws IOException {
    var yes = bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    try (var server = new ServerSocket(Integer.parseInt(option("port", "0")), 200, InetAddress.getLoopbackAddress())) {
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket, yes));
      }
    }
  }

  private static void answer(Socket socket, byte[] yes) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
          int c = in.read();
          if (c < 0) {
            return;
          }
          head.append((char) c);
        }
        var lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length:");
        if (length >= 0) {
          in.readNBytes(Integer.parseInt(lower.substring(length + 15, lower.indexOf('\r', length)).trim()));
        }
        socket.getOutputStream().write(yes);
      }
    } catch (IOException e) {
      // the caller has gone
    }
  }

  private byte[] post(String path, String form, String headers) {
    return bytes(
        "POST " + path + " HTTP/1.1\r\n" + host() + headers + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + form.length() + "\r\n\r\n" + form);
  }

  /// How a confidential client proves itself; a public one has its id in the form.
  private String basic() {
    var secret = option("secret", "");
    return secret.isEmpty()
        ? ""
        : "Authorization: Basic "
            + java.util.Base64.getEncoder().encodeToString(bytes(encode(option("client", "")) + ":" + encode(secret)))
            + "\r\n";
  }

  private String host() {
    var url = URI.create(option("url", ""));
    return "Host: " + url.getHost() + ":" + url.getPort() + "\r\n";
  }

  private int connections() {
    return Integer.parseInt(option("connections", "32"));
  }

  private List<String> lines(String option) throws IOException {
    return Files.readAllLines(Path.of(option(option, "")));
  }

  private String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  private static String found(Pattern pattern, String text) {
    var match = pattern.matcher(text);
    if (!match.find()) {
      throw new IllegalStateException("not found: " + pattern + " in " + text);
    }
    return match.group(1);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
