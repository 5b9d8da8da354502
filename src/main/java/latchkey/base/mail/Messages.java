package latchkey.base.mail;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;

/// Writes mails as RFC 5322 and MIME want them: text and HTML as alternatives, the better one last
/// (RFC 2046 §5.1.4).
final class Messages {
  private static final String CHARSET = "UTF-8";

  private Messages() {}

  static MimeMessage message(
      Mail mail, InternetAddress from, InternetAddress[] to, EmailConfig config, Instant now)
      throws MessagingException {
    var message = new Numbered(mail.id() + "@" + domain(from));
    message.setFrom(from);
    message.setReplyTo(new InternetAddress[] {address(config.replyTo())});
    message.setRecipients(RecipientType.TO, to);
    // A line break would begin a header of somebody else's.
    message.setSubject(mail.subject().replaceAll("\\p{Cntrl}+", " "), CHARSET);
    message.setSentDate(Date.from(now));
    message.setHeader("Content-Language", mail.language());
    // RFC 3834 §5: nobody who is away should answer.
    message.setHeader("Auto-Submitted", "auto-generated");
    var alternatives = new MimeMultipart("alternative");
    alternatives.addBodyPart(part(mail.text(), "plain"));
    alternatives.addBodyPart(part(mail.html(), "html"));
    message.setContent(alternatives);
    message.saveChanges();
    return message;
  }

  static InternetAddress address(Mailbox mailbox) throws MessagingException {
    try {
      var address = new InternetAddress(mailbox.address(), true);
      if (!mailbox.name().isEmpty()) {
        address.setPersonal(mailbox.name(), CHARSET);
      }
      return address;
    } catch (UnsupportedEncodingException e) {
      throw new MessagingException("an address cannot be written", e);
    }
  }

  private static MimeBodyPart part(String content, String kind) throws MessagingException {
    var part = new MimeBodyPart();
    part.setText(content, CHARSET, kind);
    // Lines may be longer than SMTP allows.
    part.setHeader("Content-Transfer-Encoding", "quoted-printable");
    return part;
  }

  private static String domain(InternetAddress from) {
    return from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
  }

  /// A message with an id of our making.
  private static final class Numbered extends MimeMessage {
    private final String id;

    Numbered(String id) {
      super(Session.getInstance(new Properties()));
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + ">");
    }
  }
}
