package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import latchkey.world.Certificates;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:80",
        "1.2.3.4",
        ":80",
        "::1:80",
        "[1.2.3.4]:80",
        "1.2.3.4:65536",
        "1.2.3.4:",
        "10.0.0.0/8:80",
        "[::1]"
      })
  void an_address_is_digits_and_a_port(String address) throws IOException {
    var root = root("binds: [{address: '" + address + "'}]");

    ListenersConfig.read(root);

    assertThat(root.faults().errors())
        .extracting(fault -> fault.path() + ": " + fault.problem())
        .containsExactly(
            "http.listeners[0].binds[0].address: an address and a port are expected, such as [::]:8080");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{fd: 0}                    | sockets inherited from a supervisor (fd, kind) are not supported",
        "{kind: unix}               | sockets inherited from a supervisor (fd, kind) are not supported",
        "{}                         | a port, an address or a socket is needed",
        "{hots: localhost, prt: 80} | did you mean host instead of hots?",
        "{adress: '[::]:80'}        | did you mean address instead of adress?",
        "{sock: /s}                 | a port, an address or a socket is needed",
      })
  void a_bind_without_a_place_is_refused_with_the_likely_typo(String bind, String problem)
      throws IOException {
    var root = root("binds: [{port: 1}, " + bind + "]");

    ListenersConfig.read(root);

    assertThat(root.faults().errors())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.path()).isEqualTo("http.listeners[0].binds[1]");
              assertThat(fault.problem()).contains(problem);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{certificate_file: $/c, key_file: $/other}              | the key does not belong to the certificate",
        "{certificate_file: $/k1.c, key_file: $/k1}              | the key does not belong to the certificate, or is no key for TLS",
        "{certificate_file: $/c, key_file: $/locked}             | the key is encrypted, and there is no password",
        "{certificate_file: $/c, key_file: $/locked, password: x}| the key cannot be decrypted",
        "{certificate_file: $/c, key_file: $/k, password: x}     | the key is not encrypted, although",
        "{certificate_file: $/nowhere, key_file: $/k}            | nowhere cannot be read",
        "{certificate_file: $/k, key_file: $/k}                  | the certificate holds no PEM certificate",
        "{certificate_file: $/c, key_file: $/c}                  | the key is a certificate",
      })
  void a_pair_that_cannot_be_shown_is_told_at_the_start(String tls, String problem)
      throws IOException {
    var pair = KeyEncoding.pair("secp256r1");
    var strange = KeyEncoding.pair("secp256k1");
    Files.writeString(folder.resolve("c"), Certificates.selfSigned("c", pair));
    Files.writeString(folder.resolve("k1.c"), Certificates.selfSigned("k1", strange));
    Files.write(folder.resolve("k"), KeyEncoding.PKCS8_DER.encode(pair.getPrivate(), ""));
    Files.write(folder.resolve("k1"), KeyEncoding.PKCS8_DER.encode(strange.getPrivate(), ""));
    Files.write(
        folder.resolve("locked"), KeyEncoding.ENCRYPTED_PKCS8_PEM.encode(pair.getPrivate(), "p"));
    Files.write(folder.resolve("other"), KeyEncoding.pair("secp256r1").getPrivate().getEncoded());
    var root = root("binds: [{port: 1}]\n    tls: " + tls.replace("$", folder.toString()));

    ListenersConfig.read(root);

    assertThat(root.faults().errors())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.path()).isEqualTo("http.listeners[0].tls");
              assertThat(fault.problem()).contains(problem);
            });
  }

  private Section root(String entry) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("f.yaml"),
            "http:\n  public_base: https://p/\n  listeners:\n    - resources: [{name: health}]\n"
                + ("    " + entry).indent(2));
    return Configuration.load(List.of(file), Map.of()).root(true);
  }

  private List<ListenerConfig> read(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var listeners = ListenersConfig.read(root).listeners();
    assertThat(root.faults().errors()).isEmpty();
    return listeners;
  }
}
