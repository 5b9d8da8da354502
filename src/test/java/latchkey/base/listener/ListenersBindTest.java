package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import latchkey.world.Doors;
import latchkey.world.House;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where listeners beside those of the application listen: addresses, ports, sockets.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ListenersBindTest {
  @Inject TestListeners listeners;

  @TempDir Path folder;

  @AfterEach
  void close() {
    listeners.close();
  }

  @Test
  void without_a_host_every_address_of_the_machine_answers() throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{port: " + port + "}]");

    assertThat(TestListeners.ask(new InetSocketAddress("127.0.0.1", port)))
        .startsWith("HTTP/1.1 200");
    assertThat(TestListeners.ask(new InetSocketAddress("::1", port))).startsWith("HTTP/1.1 200");
  }

  @Test
  void port_0_is_one_that_is_free_and_the_log_names_it() throws Exception {
    for (var bind : List.of("host: localhost, port: 0", "address: '127.0.0.1:0'", "port: 0")) {
      int port = listeners.loggedPort("binds: [{" + bind + "}]");

      // Often enough for every event loop to have its turn.
      for (int i = 0; i < 20; i++) {
        assertThat(TestListeners.ask(new InetSocketAddress("127.0.0.1", port)))
            .startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void an_address_is_bound_as_it_is_written() throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{address: '[::1]:" + port + "'}, {address: '127.0.0.1:" + port + "'}]");

    assertThat(TestListeners.ask(new InetSocketAddress("::1", port))).startsWith("HTTP/1.1 200");
    assertThat(TestListeners.ask(new InetSocketAddress("127.0.0.1", port)))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void a_port_that_is_taken_is_told_in_a_plain_sentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> listeners.open("binds: [{host: 127.0.0.1, port: " + port + "}]"))
          .isInstanceOf(Listeners.CannotListen.class)
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": Address already in use");
    }
    assertThatThrownBy(() -> listeners.open("binds: [{host: nowhere.invalid, port: 1}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on nowhere.invalid:1: ");
  }

  @Test
  void a_unix_socket_survives_restarts_over_the_one_left_behind_and_keeps_its_mode()
      throws Exception {
    var socket = folder.resolve("s");
    var bind = "binds: [{socket: '" + socket + "', mode: '660'}]";

    for (int start = 0; start < 3; start++) {
      listeners.open(bind);

      assertThat(TestListeners.ask(UnixDomainSocketAddress.of(socket))).startsWith("HTTP/1.1 200");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-rw----");
      listeners.closeLast();
      assertThat(socket).as("left behind").exists();
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsOnly("s");
    }
  }

  @Test
  void a_start_that_is_refused_leaves_a_running_server_its_socket() throws Exception {
    var socket = UnixDomainSocketAddress.of(folder.resolve("s"));
    int taken = Doors.freePort();
    listeners.open("binds: [{socket: '" + folder + "/s'}, {host: localhost, port: " + taken + "}]");
    int free = Doors.freePort();
    var same =
        "binds: [{socket: '%1$s/s'}, {host: localhost, port: %2$d}, {socket: '%1$s/t'}, {host: localhost, port: %3$d}]"
            .formatted(folder, free, taken);
    // As in a process of its own: servers of one Vert.x share a bind.
    var another = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

    assertThatThrownBy(() -> listeners.open(another, same))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on localhost:" + taken);

    assertThat(TestListeners.ask(socket)).startsWith("HTTP/1.1 200");
    assertThat(TestListeners.ask(new InetSocketAddress("localhost", taken)))
        .startsWith("HTTP/1.1 200");
    assertThatThrownBy(() -> TestListeners.ask(new InetSocketAddress("localhost", free)))
        .isInstanceOf(ConnectException.class);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsOnly("s");
    }
    another.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void what_is_no_socket_is_never_replaced_by_one() throws Exception {
    var file = Files.writeString(folder.resolve("precious"), "data");

    assertThatThrownBy(() -> listeners.open("binds: [{socket: '" + file + "'}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("something else than a socket");
    assertThat(file).hasContent("data");
    assertThatThrownBy(() -> listeners.open("binds: [{socket: '" + folder + "/none/s'}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on unix:" + folder + "/none/s");
  }
}
