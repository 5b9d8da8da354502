package latchkey.endpoint.register;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderButton;
import org.jspecify.annotations.Nullable;

/// The choice of a provider to make an account with.
///
/// @param app the client that is waiting, if there is one
/// @param signIn where somebody goes who has an account, below the base
record RegisterPage(
    Frame frame,
    String serverName,
    @Nullable String app,
    List<ProviderButton> providers,
    String signIn)
    implements Page {
  RegisterPage {
    providers = List.copyOf(providers);
  }

  public String providerStyle() {
    return providers.size() == 1 ? "primary" : "secondary";
  }
}
