package latchkey.base.web;

import jakarta.inject.Singleton;
import latchkey.base.language.LanguagePriorityList;
import latchkey.base.language.Translation;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Templates;
import org.jspecify.annotations.Nullable;

/// Makes the frame of a page: a language, and what `branding` says. The service goes by its
/// configured name, else by its host.
@Singleton
public class Frames {
  private final HttpConfig http;
  private final BrandingConfig branding;
  private final Templates templates;

  Frames(HttpConfig http, BrandingConfig branding, Templates templates) {
    this.http = http;
    this.branding = branding;
    this.templates = templates;
  }

  /// In a language the person's browser asks for.
  public Frame frame(Requester requester) {
    return frame(requester, null);
  }

  /// In a language of `ui_locales`, where the client named one that is spoken here.
  public Frame frame(Requester requester, @Nullable String uiLocales) {
    return frame(translation(requester, uiLocales));
  }

  /// In the language of a grant that is to speak one language from here to the device list.
  public Translation translation(Requester requester, @Nullable String uiLocales) {
    return templates
        .catalogue()
        .choose(LanguagePriorityList.ofUiLocales(uiLocales).orElse(requester.languages()));
  }

  /// In a language that was chosen before.
  public Frame frame(Translation translation) {
    return frame(http, branding, translation);
  }

  public static Frame frame(HttpConfig http, BrandingConfig branding, Translation translation) {
    return new Frame(
        translation,
        branding.serviceName().orElse(String.valueOf(http.publicBase().getHost())),
        http.path("/"),
        branding.policyUri().orElse(null),
        branding.tosUri().orElse(null),
        branding.imprint().orElse(null));
  }
}
