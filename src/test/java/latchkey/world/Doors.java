package latchkey.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Every other way into the application under test: one listener per group, and one per thing a
/// listener can do.
public final class Doors {
  public static final List<String> GROUPS =
      List.of(
          "discovery",
          "oauth",
          "compat",
          "human",
          "assets",
          "health",
          "prometheus",
          "connection-info");

  /// When the second of the two token keys begins to make tokens.
  public static final Duration SECOND_KEY_MINTS_AFTER = Duration.ofHours(1);

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 7919 % (HIGHEST - LOWEST)));

  private final Path folder;
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  Doors() throws IOException {
    folder = Files.createTempDirectory("latchkey-doors");
    GROUPS.forEach(group -> ports.put("only-" + group, freePort()));
    for (var name : List.of("tls", "proxied", "prefixed")) {
      ports.put(name, freePort());
    }
    new TlsFiles(folder).write("first");
    addKey("first");
    leaveStaleSocket();
  }

  public int port(String name) {
    return ports.getOrDefault(name, -1);
  }

  public Path socket() {
    return folder.resolve("latchkey.sock");
  }

  public TlsFiles tls() {
    return new TlsFiles(folder);
  }

  /// Puts another key that signs into the folder of `secrets.keys_dir`.
  public void addKey(String name) throws IOException {
    var key = KeyEncoding.pair("secp384r1").getPrivate();
    var keys = Files.createDirectories(folder.resolve("keys"));
    Files.write(keys.resolve(name), KeyEncoding.PKCS8_DER.encode(key, ""));
  }

  String yaml() {
    var yaml = new StringBuilder("secrets: {keys_dir: '" + folder.resolve("keys") + "'}\n");
    yaml.append(tokenKeys()).append("http:\n  listeners:\n");
    for (var group : GROUPS) {
      yaml.append(listener("only-" + group, "{name: " + group + "}", tcp("only-" + group), ""));
    }
    var all = "{name: health}, {name: connection-info}, {name: oauth}";
    var pair =
        "      tls: {certificate_file: '%s', key_file: '%s'}\n"
            .formatted(tls().certificate(), tls().key());
    yaml.append(listener("tls", all, tcp("tls"), pair));
    yaml.append(listener("proxied", all, tcp("proxied"), "      proxy_protocol: true\n"));
    yaml.append(listener("prefixed", all, tcp("prefixed"), "      prefix: /below/\n"));
    var socket = "{socket: '" + socket() + "', mode: \"660\"}";
    yaml.append(listener("socket", all, socket, ""));
    return yaml.toString();
  }

  private static String tokenKeys() {
    return """
    latchkey:
      token_keys:
        - {id: 1, secret: one-of-thirty-two-characters-or-more}
        - {id: 2, secret: two-of-thirty-two-characters-or-more, mint_from: '%s'}
    """
        .formatted(Instant.now().plus(SECOND_KEY_MINTS_AFTER));
  }

  private String tcp(String name) {
    return "{host: localhost, port: " + port(name) + "}";
  }

  private static String listener(String name, String resources, String bind, String more) {
    return "    - name: %s\n      resources: [%s]\n      binds: [%s]\n%s"
        .formatted(name, resources, bind, more);
  }

  /// What a process that was killed leaves behind.
  private void leaveStaleSocket() throws IOException {
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket()));
    }
  }

  /// One that nobody listens at. Below those that the system gives to whoever connects somewhere,
  /// and from another place on in each process, as what is to listen there starts later.
  public static int freePort() {
    while (true) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // The next one may be free.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
