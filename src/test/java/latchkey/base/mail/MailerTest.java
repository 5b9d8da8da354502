package latchkey.base.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import latchkey.base.crypto.Secret;
import latchkey.base.mail.EmailConfig.Login;
import latchkey.base.mail.EmailConfig.Mode;
import latchkey.base.mail.EmailConfig.Transport;
import latchkey.base.mail.StubbornServer.Mood;
import latchkey.world.PostOffice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How mail leaves the house: over real SMTP (GreenMail, and a server that misbehaves), and through
/// a command.
@Tag("slow")
class MailerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Mailbox ALICE = new Mailbox("alice", "alice@example.com");
  private static final Mailbox NOBODY = new Mailbox("alice", "nobody@example.com");
  private static final Mailbox LATER = new Mailbox("alice", "later@example.com");
  private static final Mailbox ODD = new Mailbox("alice", "a..b@example.com");
  private static final Mail MAIL = mail(ALICE);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void a_mail_arrives_with_both_bodies_and_all_that_a_mail_needs() throws Exception {
    var server = greenMail();
    try {
      mailer(smtp(Mode.PLAIN, server.getSmtp().getPort(), null)).send(MAIL);

      var mail = PostOffice.read(server.getReceivedMessages()[0]);
      assertThat(mail.subject()).isEqualTo("Grüße an Element");
      assertThat(mail.text()).isEqualTo("Wörter.\n.\n" + "lang ".repeat(300));
      assertThat(mail.html()).isEqualTo("<p>Wörter &amp; mehr</p>");
      assertThat(mail.to()).containsExactly("alice <alice@example.com>");
      var message = mail.message();
      assertThat(message.getFrom()[0]).hasToString("Our house <house@example.com>");
      assertThat(message.getReplyTo()[0]).hasToString("help@example.com");
      assertThat(message.getMessageID()).isEqualTo("<01KB0000000000000000000004@example.com>");
      assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
      assertThat(message.getHeader("Content-Language")).containsExactly("de");
      assertThat(message.getContentType()).startsWith("multipart/alternative");
      assertThat(message.getSentDate()).isNotNull();
    } finally {
      server.stop();
    }
  }

  @Test
  void whoever_has_a_password_logs_in_with_it_and_it_is_never_told() {
    var server = greenMail();
    server.setUser("house@example.com", "house", "geheim");
    try {
      int port = server.getSmtp().getPort();
      mailer(smtp(Mode.PLAIN, port, "geheim")).send(MAIL);
      assertThat(server.getReceivedMessages()).hasSize(1);

      assertThatThrownBy(() -> mailer(smtp(Mode.PLAIN, port, "falsch")).send(MAIL))
          .isInstanceOf(MailProblem.class)
          .hasMessageContaining("535")
          .hasMessageNotContaining("falsch");
      assertThat(server.getReceivedMessages()).hasSize(1);
    } finally {
      server.stop();
    }
  }

  @Test
  void a_password_is_not_kept_back_silently() throws Exception {
    try (var server = new StubbornServer(Mood.PLAIN)) {
      assertThatThrownBy(() -> mailer(smtp(Mode.PLAIN, server.port(), "geheim")).send(MAIL))
          .isInstanceOf(MailProblem.class)
          .hasMessageContaining("lets nobody log in");
      assertThat(server.heard()).doesNotContain("DATA");
    }
  }

  @Test
  void starttls_is_private_before_anything_is_said() throws Exception {
    try (var server = new StubbornServer(Mood.STARTTLS)) {
      mailer(smtp(Mode.STARTTLS, server.port(), null), server.trust(), PATIENCE).send(MAIL);

      assertThat(server.heard()).containsSubsequence("STARTTLS", "TLS", "DATA", ".");
      assertThat(server.heard().indexOf("TLS"))
          .isLessThan(server.heard().indexOf("MAIL FROM:<house@example.com>"));
    }
  }

  @Test
  void tls_is_private_from_the_first_byte() throws Exception {
    try (var server = new StubbornServer(Mood.TLS)) {
      mailer(smtp(Mode.TLS, server.port(), null), server.trust(), PATIENCE).send(MAIL);

      assertThat(server.heard()).startsWith("TLS").contains("DATA");
    }
  }

  @Test
  void a_server_without_starttls_or_with_a_strange_certificate_hears_nothing() throws Exception {
    try (var plain = new StubbornServer(Mood.PLAIN);
        var strange = new StubbornServer(Mood.STARTTLS);
        var known = new StubbornServer(Mood.STARTTLS)) {
      assertThatThrownBy(
              () ->
                  mailer(smtp(Mode.STARTTLS, plain.port(), null), plain.trust(), PATIENCE)
                      .send(MAIL))
          .isInstanceOf(MailProblem.class)
          .hasMessageContaining("STARTTLS");
      assertThatThrownBy(
              () ->
                  mailer(smtp(Mode.STARTTLS, strange.port(), null), known.trust(), PATIENCE)
                      .send(MAIL))
          .isInstanceOf(MailProblem.class);

      assertThat(plain.heard()).noneMatch(word -> word.startsWith("MAIL"));
      assertThat(strange.heard()).noneMatch(word -> word.startsWith("MAIL"));
    }
  }

  @Test
  void a_certificate_of_another_host_is_not_believed() throws Exception {
    try (var server = new StubbornServer(Mood.TLS)) {
      var byAddress = new Transport.Smtp(Mode.TLS, "127.0.0.1", server.port(), Optional.empty());

      assertThatThrownBy(() -> mailer(byAddress, server.trust(), PATIENCE).send(MAIL))
          .isInstanceOf(MailProblem.class);
      assertThat(server.heard()).noneMatch(word -> word.startsWith("MAIL"));
    }
  }

  @Test
  void who_is_refused_is_not_named_and_one_who_is_not_is_enough() throws Exception {
    try (var server = new StubbornServer(Mood.PLAIN)) {
      var mailer = mailer(smtp(Mode.PLAIN, server.port(), null));

      assertThatThrownBy(() -> mailer.send(mail(NOBODY)))
          .isInstanceOfSatisfying(
              MailProblem.class, problem -> assertThat(problem.isForGood()).isTrue())
          .hasMessageNotContaining("nobody@");
      assertThatThrownBy(() -> mailer.send(mail(NOBODY, LATER)))
          .isInstanceOfSatisfying(
              MailProblem.class, problem -> assertThat(problem.isForGood()).isFalse());
      assertThat(server.heard()).doesNotContain("DATA");
      mailer.send(mail(NOBODY, ALICE));
      assertThat(server.heard()).contains("DATA", "RCPT TO:<alice@example.com>");
    }
  }

  @Test
  void a_server_that_says_nothing_is_given_up() throws Exception {
    try (var server = new StubbornServer(Mood.SILENT)) {
      var mailer =
          mailer(
              smtp(Mode.PLAIN, server.port(), null),
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              Duration.ofMillis(200));

      assertThatThrownBy(() -> mailer.send(MAIL))
          .isInstanceOf(MailProblem.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void a_server_that_hangs_holds_one_mail_at_a_time_and_no_other_waits() throws Exception {
    try (var server = new StubbornServer(Mood.SILENT)) {
      var mailer =
          mailer(
              smtp(Mode.PLAIN, server.port(), null),
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              Duration.ofMillis(200));
      assertThatThrownBy(() -> mailer.send(MAIL)).hasMessageContaining("no answer");

      var scout = Thread.ofVirtual().start(() -> sendInVain(mailer));
      latchkey.world.World.within(PATIENCE, () -> server.calls() == 2);
      long begun = System.nanoTime();
      assertThatThrownBy(() -> mailer.send(MAIL))
          .isInstanceOf(MailProblem.class)
          .hasMessageContaining("on their way");

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(700));
      scout.join();
    }
  }

  private static void sendInVain(Mailer mailer) {
    try {
      mailer.send(MAIL);
    } catch (MailProblem e) {
      // That is what it is for.
    }
  }

  @Test
  void an_address_that_is_none_keeps_no_mail_from_the_others() throws Exception {
    try (var server = new StubbornServer(Mood.PLAIN)) {
      var mailer = mailer(smtp(Mode.PLAIN, server.port(), null));

      mailer.send(mail(ODD, ALICE));
      assertThat(server.heard())
          .contains("RCPT TO:<alice@example.com>", "DATA")
          .noneMatch(line -> line.contains("a..b"));
      assertThatThrownBy(() -> mailer.send(mail(ODD)))
          .isInstanceOfSatisfying(
              MailProblem.class, problem -> assertThat(problem.isForGood()).isTrue());
    }
  }

  @Test
  void a_name_begins_no_header() {
    assertThat(new Mailbox("alice\r\nBcc: x", "alice@example.com").name())
        .isEqualTo("alice Bcc: x");
    assertThatThrownBy(() -> new Mailbox("alice", "a@b.example\r\nBcc: x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nobody_there_is_a_problem_that_can_be_tried_again() {
    assertThatThrownBy(() -> mailer(smtp(Mode.PLAIN, 1, null)).send(MAIL))
        .isInstanceOf(MailProblem.class);
  }

  @Test
  void into_a_blackhole_everything_fits() {
    var mailer = mailer(new Transport.Blackhole());

    mailer.send(MAIL);
    assertThat(mailer.isOn()).isFalse();
  }

  @Test
  void a_command_is_given_the_mail_and_its_addresses_and_no_shell_reads_them() throws Exception {
    var odd = new Mailbox("alice", "-oQ$HOME@example.com");
    var command =
        script(
            """
            #!/bin/sh
            printf '%s\\n' "$@" > "$0.words"
            cat > "$0.mail"
            """);

    mailer(new Transport.Sendmail(command.toString())).send(mail(ALICE, odd));

    assertThat(Path.of(command + ".words"))
        .hasContent("-i\n-f\nhouse@example.com\n--\nalice@example.com\n-oQ$HOME@example.com\n");
    assertThat(Files.readString(Path.of(command + ".mail")))
        .contains("Message-ID: <01KB0000000000000000000004@example.com>\n", "\n\n")
        .doesNotContain("\r");
  }

  @Test
  void a_command_that_fails_says_why() throws Exception {
    var command = script("#!/bin/sh\necho 'queue is full' >&2\nexit 75\n");

    assertThatThrownBy(() -> mailer(new Transport.Sendmail(command.toString())).send(MAIL))
        .isInstanceOf(MailProblem.class)
        .hasMessage("the command ended with 75: queue is full")
        .isInstanceOfSatisfying(
            MailProblem.class, problem -> assertThat(problem.isForGood()).isFalse());
  }

  @Test
  void a_command_that_knows_of_nobody_there_is_believed() throws Exception {
    var command = script("#!/bin/sh\nexit 67\n");

    assertThatThrownBy(() -> mailer(new Transport.Sendmail(command.toString())).send(MAIL))
        .isInstanceOfSatisfying(
            MailProblem.class, problem -> assertThat(problem.isForGood()).isTrue());
  }

  @Test
  void a_command_that_never_ends_is_ended_with_all_it_began() throws Exception {
    var command = script("#!/bin/sh\necho $$ > \"$0.pid\"\nsleep 600\n");

    assertThatThrownBy(
            () ->
                mailer(
                        new Transport.Sendmail(command.toString()),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        Duration.ofMillis(700))
                    .send(MAIL))
        .isInstanceOf(MailProblem.class)
        .hasMessageContaining("did not end");
    var pid = Long.parseLong(Files.readString(Path.of(command + ".pid")).strip());
    latchkey.world.World.within(
        PATIENCE, () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void a_command_that_is_not_there_is_a_problem() {
    assertThatThrownBy(() -> mailer(new Transport.Sendmail("/no/such/sendmail")).send(MAIL))
        .isInstanceOf(MailProblem.class);
  }

  private Path script(String text) throws IOException {
    return Files.writeString(
        Files.createFile(
            folder.resolve("sendmail"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
        text);
  }

  private static Mail mail(Mailbox... to) {
    return new Mail(
        "01KB0000000000000000000004",
        List.of(to),
        "Grüße\r\nan Element",
        "Wörter.\n.\n" + "lang ".repeat(300),
        "<p>Wörter &amp; mehr</p>",
        "de");
  }

  private static Transport smtp(
      Mode mode, int port, @org.jspecify.annotations.Nullable String password) {
    return new Transport.Smtp(
        mode,
        "localhost",
        port,
        Optional.ofNullable(password).map(it -> new Login("house", Secret.of(it))));
  }

  private static Mailer mailer(Transport transport) {
    return mailer(transport, (SSLSocketFactory) SSLSocketFactory.getDefault(), PATIENCE);
  }

  private static Mailer mailer(Transport transport, SSLSocketFactory trust, Duration deadline) {
    var config =
        new EmailConfig(
            new Mailbox("Our house", "house@example.com"),
            new Mailbox("", "help@example.com"),
            transport);
    return new Mailer(config, Clock.systemUTC(), trust, deadline);
  }

  private static GreenMail greenMail() {
    var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    return server;
  }
}
