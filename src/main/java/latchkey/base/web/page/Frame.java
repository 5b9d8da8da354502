package latchkey.base.web.page;

import latchkey.base.language.Translation;
import org.jspecify.annotations.Nullable;

/// What every page shares: its language, the name of the house, the footer.
///
/// @param base the path of the public base, ending in `/`
public record Frame(
    Translation translation,
    String serviceName,
    String base,
    @Nullable String policyUri,
    @Nullable String tosUri,
    @Nullable String imprint) {
  /// The same frame for a page that lies elsewhere.
  public Frame below(String otherBase) {
    return new Frame(translation, serviceName, otherBase, policyUri, tosUri, imprint);
  }

  public String language() {
    return translation.language();
  }

  public String direction() {
    return translation.rightToLeft() ? "rtl" : "ltr";
  }
}
