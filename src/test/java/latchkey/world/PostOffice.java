package latchkey.world;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mail server of the house (GreenMail); what it is given it keeps for its addressee.
public final class PostOffice {
  private final int port;
  private @Nullable GreenMail mail;

  PostOffice(int port) {
    this.port = port;
  }

  String yaml() {
    return "email: {transport: smtp, mode: plain, hostname: 127.0.0.1, port: "
        + port
        + ", from: '\"Our house\" <house@example.com>', reply_to: help@example.com}\n";
  }

  public void open() {
    var opened = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    opened.start();
    mail = opened;
  }

  public void close() {
    if (mail != null) {
      mail.stop();
      mail = null;
    }
  }

  /// A mail as its reader sees it.
  public record Received(
      String subject, String text, String html, MimeMessage message, List<String> to) {}

  /// What came for an address, oldest first.
  public List<Received> to(String address) {
    var open = java.util.Objects.requireNonNull(mail);
    var user = open.getUserManager().getUserByEmail(address);
    if (user == null) {
      return List.of();
    }
    try {
      return open.getManagers().getImapHostManager().getInbox(user).getMessages().stream()
          .map(stored -> read(stored.getMimeMessage()))
          .toList();
    } catch (FolderException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Received read(MimeMessage message) {
    try {
      var parts = (MimeMultipart) message.getContent();
      return new Received(
          message.getSubject(),
          String.valueOf(parts.getBodyPart(0).getContent()).replace("\r\n", "\n"),
          String.valueOf(parts.getBodyPart(1).getContent()),
          message,
          Arrays.stream(message.getAllRecipients()).map(Object::toString).toList());
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
