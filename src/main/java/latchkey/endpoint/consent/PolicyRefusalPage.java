package latchkey.endpoint.consent;

import java.util.List;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.session.SeenSession;
import org.jspecify.annotations.Nullable;

/// The rules say no: why, whom to ask, and the way back.
///
/// @param devicesToRemove how many have to go, if that is the only reason; 0 otherwise
/// @param sessions that could go; only if some have to
/// @param choose where the choice of them goes, below the base
record PolicyRefusalPage(
    Frame frame,
    String csrf,
    String grantId,
    String serverName,
    String matrixId,
    String clientName,
    List<Reason> reasons,
    long devicesToRemove,
    List<SeenSession> sessions,
    String choose,
    WayBack wayBack)
    implements Page {
  /// What a rule says, in the words of whoever wrote it.
  record Reason(@Nullable String code, String text) {}
}
