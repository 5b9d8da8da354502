package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import latchkey.world.Certificates;
import latchkey.world.Doors;
import latchkey.world.House;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What comes before the first request: TLS, the PROXY protocol, and callers who say nothing.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ListenersHandshakeTest {
  private static final Map<String, KeyPair> PAIRS = new HashMap<>();

  @Inject TestListeners listeners;

  @TempDir Path folder;

  @AfterEach
  void close() {
    listeners.close();
  }

  @ParameterizedTest
  @EnumSource(KeyEncoding.class)
  void tls_takes_a_key_in_any_encoding_from_a_file_or_inline(KeyEncoding how) throws Exception {
    for (var type : List.of("RSA", "secp256r1", "secp384r1")) {
      var pair = PAIRS.computeIfAbsent(type, KeyEncoding::pair);
      var pem = Certificates.selfSigned("of " + type, pair, "localhost");
      var certificate = Files.writeString(folder.resolve("c"), pem);
      var key = Files.write(folder.resolve("k"), how.encode(pair.getPrivate(), "geheim"));
      var password = Files.writeString(folder.resolve("p"), "geheim");
      var fromFiles =
          "{certificate_file: '%s', key_file: '%s'%s}"
              .formatted(
                  certificate, key, how.isEncrypted() ? ", password_file: '" + password + "'" : "");

      assertThat(nameUnder(fromFiles)).isEqualTo("CN=of " + type);
      if (how.isPem()) {
        var inline =
            "\n      certificate: |\n"
                + pem.indent(8)
                + "      key: |\n"
                + how.text(pair.getPrivate(), "geheim").indent(8)
                + (how.isEncrypted() ? "      password: geheim\n" : "");
        assertThat(nameUnder(inline)).isEqualTo("CN=of " + type);
      }
    }
  }

  private String nameUnder(String tls) throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{host: localhost, port: " + port + "}]\n    tls: " + tls);
    try (var socket =
        (SSLSocket)
            Certificates.trustingAnybody().getSocketFactory().createSocket("localhost", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  @Test
  void the_second_version_of_the_proxy_protocol_is_understood_too() throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{host: localhost, port: " + port + "}]\n    proxy_protocol: true");
    var header = new StringBuilder("\r\n\r\n\0\r\nQUIT\n");
    // Version 2, PROXY, TCP over IPv4, 12 bytes: 198.51.100.7:4711 to 127.0.0.1:80.
    for (int b : new int[] {0x21, 0x11, 0, 12, 198, 51, 100, 7, 127, 0, 0, 1, 18, 103, 0, 80}) {
      header.append((char) b);
    }
    var six = "PROXY TCP6 2001:db8::7 ::1 4711 80\r\n";

    var there = new InetSocketAddress("localhost", port);
    assertThat(TestListeners.ask(there, header.toString(), "/connection-info", ""))
        .contains("client address:   198.51.100.7");
    assertThat(TestListeners.ask(there, six, "/connection-info", ""))
        .contains("client address:   2001:db8:0:0:0:0:0:7");
  }

  @Test
  @Tag("slow")
  void who_connects_and_says_nothing_is_hung_up_on_within_seconds() throws Exception {
    var pair = KeyEncoding.pair("secp256r1");
    var certificate = Files.writeString(folder.resolve("c"), Certificates.selfSigned("x", pair));
    var key = Files.write(folder.resolve("k"), KeyEncoding.PKCS8_PEM.encode(pair.getPrivate(), ""));
    int tls = Doors.freePort();
    listeners.open(
        "binds: [{host: localhost, port: %d}]\n    tls: {certificate_file: '%s', key_file: '%s'}"
            .formatted(tls, certificate, key));
    int proxied = Doors.freePort();
    listeners.open("binds: [{host: localhost, port: " + proxied + "}]\n    proxy_protocol: true");

    long begin = System.nanoTime();
    try (var one = new Socket("localhost", tls);
        var other = new Socket("localhost", proxied);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends =
          threads.invokeAll(
              List.<Callable<Double>>of(
                  () -> secondsToTheEnd(one, begin), () -> secondsToTheEnd(other, begin)));
      for (var end : ends) {
        assertThat(end.get()).isBetween(4.0, 8.0);
      }
    }
  }

  private static double secondsToTheEnd(Socket socket, long begin) throws IOException {
    socket.setSoTimeout(10_000);
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    return (System.nanoTime() - begin) / 1e9;
  }
}
