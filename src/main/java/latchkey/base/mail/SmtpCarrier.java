package latchkey.base.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import latchkey.base.mail.EmailConfig.Mode;
import latchkey.base.mail.EmailConfig.Transport.Smtp;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jboss.logging.Logger;

/// Hands mail to a mail server (RFC 5321), one connection a mail.
final class SmtpCarrier implements Carrier {
  private static final Logger LOG = Logger.getLogger(SmtpCarrier.class);

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// For a single word of the server, or of ours.
  private static final Duration WORD = Duration.ofSeconds(20);

  private static final int PERMANENT = 500;

  private final Smtp server;
  private final Session session;

  /// @param trust which certificates are believed
  SmtpCarrier(Smtp server, SSLSocketFactory trust) {
    this.server = server;
    this.session = Session.getInstance(settings(server, trust));
  }

  private static Properties settings(Smtp server, SSLSocketFactory trust) {
    var settings = new Properties();
    settings.put("mail.smtp.connectiontimeout", Long.toString(CONNECT.toMillis()));
    settings.put("mail.smtp.timeout", Long.toString(WORD.toMillis()));
    settings.put("mail.smtp.writetimeout", Long.toString(WORD.toMillis()));
    settings.put("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
    settings.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    settings.put("mail.smtp.starttls.enable", Boolean.toString(server.mode() == Mode.STARTTLS));
    settings.put("mail.smtp.starttls.required", Boolean.toString(server.mode() == Mode.STARTTLS));
    settings.put("mail.smtp.ssl.enable", Boolean.toString(server.mode() == Mode.TLS));
    settings.put("mail.smtp.ssl.checkserveridentity", "true");
    settings.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    settings.put("mail.smtp.ssl.socketFactory", trust);
    settings.put("mail.smtp.ssl.socketFactory.fallback", "false");
    settings.put("mail.smtp.sendpartial", "true");
    return settings;
  }

  @Override
  public void carry(MimeMessage message, InternetAddress from, InternetAddress[] to)
      throws MessagingException, NobodyThere {
    try (var transport = connect()) {
      transport.sendMessage(message, to);
    } catch (SendFailedException e) {
      int taken = e.getValidSentAddresses() == null ? 0 : e.getValidSentAddresses().length;
      if (taken == 0) {
        if (refusesForGood(e, to.length)) {
          throw new NobodyThere(String.valueOf(e.getMessage()), e);
        }
        throw e;
      }
      LOG.warnf("the mail server took a mail for %d of %d addresses", taken, to.length);
    }
  }

  /// RFC 5321 §4.2.1: 5yz to each of them.
  private static boolean refusesForGood(SendFailedException refusal, int recipients) {
    int refused = 0;
    for (Exception e = refusal; e instanceof MessagingException m; e = m.getNextException()) {
      if (m instanceof SMTPAddressFailedException address) {
        if (address.getReturnCode() < PERMANENT) {
          return false;
        }
        refused++;
      }
    }
    return refused >= recipients;
  }

  @Override
  public void probe() throws MessagingException {
    connect().close();
  }

  private SMTPTransport connect() throws MessagingException {
    var transport = (SMTPTransport) session.getTransport("smtp");
    var login = server.login();
    transport.connect(
        server.hostname(),
        server.port(),
        login.map(EmailConfig.Login::username).orElse(null),
        login.map(known -> known.password().reveal()).orElse(null));
    if (login.isPresent() && !transport.supportsExtension("AUTH")) {
      // Without this the mail would go out, or not, as somebody unknown.
      transport.close();
      throw new MessagingException("the mail server lets nobody log in");
    }
    return transport;
  }
}
