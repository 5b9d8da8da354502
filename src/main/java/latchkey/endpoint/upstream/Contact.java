package latchkey.endpoint.upstream;

import latchkey.base.web.BrandingConfig;

/// Whom to ask (`latchkey.contact`).
///
/// @param text an e-mail address, a link, or words; empty if nobody said
/// @param link where a click on it leads; empty if it is only words
record Contact(String text, String link) {
  static Contact of(BrandingConfig branding) {
    var text = branding.contact().orElse("");
    return new Contact(text, link(text));
  }

  static String link(String text) {
    if (text.startsWith("https://") || text.startsWith("http://")) {
      return text;
    }
    return text.matches("[^\\s@<>?&:]+@[^\\s@<>?&:]+") ? "mailto:" + text : "";
  }
}
