package latchkey.endpoint.consent;

import java.util.List;
import latchkey.base.language.Message;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// Who asks, for what, and what happens next.
///
/// @param accountId the id of the user who is asked
/// @param device the device this signs in, if the client asks for one
/// @param wayBack to the client, with the answer that the person said no
record ConsentPage(
    Frame frame,
    String csrf,
    String grantId,
    String serverName,
    String matrixId,
    String accountId,
    Asker client,
    List<Permission> scopes,
    @Nullable Device device,
    WayBack wayBack)
    implements Page {
  /// @param host whose it is; @param initial stands for a logo
  record Asker(
      String name,
      String initial,
      @Nullable String host,
      @Nullable String logoUri,
      @Nullable String policyUri,
      @Nullable String tosUri) {}

  /// A scope in plain words.
  record Permission(Message text, boolean dangerous) {}

  record Device(String name, @Nullable String id) {}
}
