package latchkey.endpoint.upstream;

import latchkey.base.language.Message;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderMark;
import org.jspecify.annotations.Nullable;

/// Asks somebody who is new here about the account they are to get.
///
/// @param link the id of who they are at the provider
/// @param accountName what they recognise their account there by
/// @param form what was typed and ticked, or is offered
/// @param signIn where somebody goes who has an account here already, below the base
record UpstreamRegisterPage(
    Frame frame,
    String csrf,
    String serverName,
    String link,
    String provider,
    ProviderMark mark,
    @Nullable String accountName,
    Message heading,
    Offer offer,
    RegisterForm form,
    RegisterErrors errors,
    String signIn)
    implements Page {
  /// The field in which typing begins.
  public String focus() {
    if (errors.count() > 1) {
      return "errors";
    }
    if (!offer.usernameFixed() && (errors.username() != null || form.username().isEmpty())) {
      return "username";
    }
    return errors.terms() == null ? "" : "terms";
  }
}
