package latchkey.endpoint.consent;

import java.util.List;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// The rules say no: why, whom to ask, and the way back.
///
/// @param devicesToRemove how many have to go, if that is the only reason; 0 otherwise
record PolicyRefusalPage(
    Frame frame,
    String csrf,
    String grantId,
    String serverName,
    String matrixId,
    String clientName,
    List<Reason> reasons,
    long devicesToRemove,
    WayBack wayBack)
    implements Page {
  /// What a rule says, in the words of whoever wrote it.
  record Reason(@Nullable String code, String text) {}
}
