package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersConfigTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void without_the_section_there_are_two_listeners() throws IOException {
    var listeners = read("{}");

    assertThat(listeners).extracting(ListenerConfig::name).containsExactly("web", "internal");
    assertThat(listeners.get(0).binds()).containsExactly(new Bind.Tcp(null, 8080));
    assertThat(listeners.get(1).resources()).containsExactly("health");
    assertThat(listeners.get(1).binds()).containsExactly(new Bind.Tcp("localhost", 8081));
  }

  @Test
  void a_section_without_listeners_listens_nowhere() throws IOException {
    assertThat(read("http: {public_base: 'https://p/'}")).isEmpty();
  }

  @Test
  void the_first_shape_that_fits_a_bind_counts() throws IOException {
    var binds =
        read("""
            http:
              public_base: https://p/
              listeners:
                - resources: [{name: health}]
                  binds:
                    - {port: 80, address: '1.2.3.4:5', socket: /s}
                    - {address: '[::1]:81', socket: /s}
                    - {socket: /run/latchkey.sock, mode: "660"}
                    - {host: localhost, port: 82}
            """)
            .getFirst()
            .binds();

    assertThat(binds)
        .containsExactly(
            new Bind.Tcp(null, 80),
            new Bind.Tcp("::1", 81),
            new Bind.Unix(
                Path.of("/run/latchkey.sock"), PosixFilePermissions.fromString("rw-rw----")),
            new Bind.Tcp("localhost", 82));
    assertThat(binds).extracting(Bind::toString).contains("[::]:80", "[::1]:81", "localhost:82");
  }

  @Test
  void a_prefix_may_end_in_a_slash_and_a_single_one_is_none() throws IOException {
    var start =
        "http: {public_base: 'https://p/', listeners: [{resources: [{name: health}], binds:"
            + " [{port: 1}], prefix: ";

    assertThat(read(start + "/auth/}]}").getFirst().prefix()).isEqualTo("/auth");
    assertThat(read(start + "/auth}]}").getFirst().prefix()).isEqualTo("/auth");
    assertThat(read(start + "/}]}").getFirst().prefix()).isEmpty();
  }

  private List<ListenerConfig> read(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var listeners = ListenersConfig.read(root).listeners();
    assertThat(root.faults().errors()).isEmpty();
    return listeners;
  }
}
