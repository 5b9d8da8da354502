package latchkey.base.web.page;

/// A page that travels by mail, beside a plain text of the same content: `SuspicionMail` fills
/// `templates/SuspicionMail.html` and `templates/SuspicionMail.txt`.
public interface Letter extends Page {
  /// The name of the template of the plain text.
  default String textTemplate() {
    return template() + ".txt";
  }
}
