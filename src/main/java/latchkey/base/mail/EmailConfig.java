package latchkey.base.mail;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.crypto.Secret;

/// The section `email` (`configuration.md` 7).
public record EmailConfig(Mailbox from, Mailbox replyTo, Transport transport) {
  /// How mail leaves the house.
  public sealed interface Transport {
    /// It does not.
    record Blackhole() implements Transport {}

    record Smtp(Mode mode, String hostname, int port, Optional<Login> login) implements Transport {}

    record Sendmail(String command) implements Transport {}
  }

  /// How a connection to a mail server is protected.
  public enum Mode {
    PLAIN(25),
    STARTTLS(587),
    TLS(465);

    private final int port;

    Mode(int port) {
      this.port = port;
    }
  }

  /// Who we are to a mail server.
  public record Login(String username, Secret password) {}

  private enum TransportKind {
    BLACKHOLE,
    SMTP,
    SENDMAIL
  }

  private static final Mailbox NOBODY = new Mailbox("Authentication Service", "root@localhost");

  private static final Kind<Mailbox> MAILBOX =
      Kind.texts(
          "mailbox",
          "a mailbox is expected, such as \"Somebody <somebody@example.com>\"",
          NOBODY.toString(),
          Mailbox::parse);

  private static final List<String> SMTP_KEYS =
      List.of("mode", "hostname", "port", "username", "password", "password_file");

  public static EmailConfig read(Section root) {
    var email = root.section("email");
    var kind = email.choice("transport", TransportKind.BLACKHOLE);
    email.rule(
        "transport",
        !root.has("email") || email.has("transport"),
        "is missing; one of blackhole, smtp, sendmail is expected");
    if (kind == TransportKind.BLACKHOLE) {
      email.ignore("from", "reply_to", "command");
      email.ignore(SMTP_KEYS.toArray(String[]::new));
      return new EmailConfig(NOBODY, NOBODY, new Transport.Blackhole());
    }
    return new EmailConfig(
        email.value("from", MAILBOX, NOBODY),
        email.value("reply_to", MAILBOX, NOBODY),
        kind == TransportKind.SMTP ? smtp(email) : sendmail(email));
  }

  private static Transport smtp(Section email) {
    var mode = email.require("mode", Kind.choice(Mode.class), Mode.PLAIN);
    email.rule("command", !email.has("command"), "is for the transport sendmail only");
    email.otherwise("port", ports());
    return new Transport.Smtp(
        mode,
        email.requireString("hostname"),
        email.integer("port", 1, 65535).map(Long::intValue).orElse(mode.port),
        login(email));
  }

  private static String ports() {
    return Stream.of(Mode.values())
        .map(mode -> mode.port + " with " + Kind.spelt(mode))
        .collect(Collectors.joining(", "));
  }

  private static Optional<Login> login(Section email) {
    var username = email.string("username");
    var password = email.secret("password", true);
    var present =
        username.isPresent() ? "username" : email.has("password") ? "password" : "password_file";
    email.rule(
        present,
        username.isPresent() == password.isPresent(),
        "a username and its password are given together");
    return username.isPresent() && password.isPresent()
        ? Optional.of(new Login(username.get(), password.get()))
        : Optional.empty();
  }

  private static Transport sendmail(Section email) {
    for (var key : SMTP_KEYS) {
      email.rule(key, !email.has(key), "is for the transport smtp only");
    }
    return new Transport.Sendmail(email.requireString("command"));
  }
}
