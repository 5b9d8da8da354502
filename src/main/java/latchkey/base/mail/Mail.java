package latchkey.base.mail;

import java.util.List;

/// A mail as people see it, both ways.
///
/// @param id tells it apart: sent twice by mistake, it is the same mail
/// @param to one person's addresses
/// @param language of its words (BCP 47)
public record Mail(
    String id, List<Mailbox> to, String subject, String text, String html, String language) {
  public Mail {
    to = List.copyOf(to);
  }

  /// The words are for nobody else.
  @Override
  public String toString() {
    return "Mail[" + id + "]";
  }
}
