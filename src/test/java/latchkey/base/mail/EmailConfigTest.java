package latchkey.base.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.mail.EmailConfig.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailConfigTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @CsvSource({"plain, 25", "starttls, 587", "tls, 465"})
  void the_port_follows_from_the_mode(String mode, int port) throws IOException {
    var email = read("email: {transport: smtp, hostname: m.example, mode: " + mode + "}");

    assertThat(email.transport())
        .isInstanceOfSatisfying(Transport.Smtp.class, it -> assertThat(it.port()).isEqualTo(port));
  }

  @Test
  void without_the_section_or_with_a_blackhole_nothing_else_counts() throws IOException {
    assertThat(read("{}").transport()).isEqualTo(new Transport.Blackhole());
    assertThat(read("email: {transport: blackhole, from: 5, port: 0, command: [x]}").transport())
        .isEqualTo(new Transport.Blackhole());
  }

  @Test
  void a_login_is_never_printed() throws IOException {
    var email =
        read(
            "email: {transport: smtp, mode: tls, hostname: m.example, username: u, password: geheim}");

    assertThat(email.toString()).contains("m.example").doesNotContain("geheim");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Authentication Service\" <root@localhost> | Authentication Service | root@localhost",
        "Somebody Else <a.b+c@example.com>           | Somebody Else          | a.b+c@example.com",
        "a@example.com                               | ''                     | a@example.com",
        "<a@example.com>                             | ''                     | a@example.com",
        "\"Quo\\\"ted\" <a@example.com>              | Quo\"ted               | a@example.com",
      })
  void a_mailbox_is_a_name_and_an_address(String text, String name, String address) {
    assertThat(Mailbox.parse(text)).contains(new Mailbox(name, address));
    assertThat(Mailbox.parse(new Mailbox(name, address).toString()))
        .contains(new Mailbox(name, address));
  }

  @ParameterizedTest
  @CsvSource({"nobody", "a@", "@b", "a b@c", "x <a@b", "a@b <c@d>", "a@-b"})
  void what_is_no_mailbox_is_refused(String text) {
    assertThat(Mailbox.parse(text)).isEmpty();
  }

  private EmailConfig read(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var email = EmailConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    return email;
  }
}
