package latchkey.base.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;

/// Takes a message out of the house.
interface Carrier {
  /// Returns once somebody has taken it, for at least one of its recipients.
  void carry(MimeMessage message, InternetAddress from, InternetAddress[] to)
      throws MessagingException, IOException, InterruptedException, NobodyThere;

  /// Whether it could, without sending anything.
  void probe() throws MessagingException, IOException;
}
