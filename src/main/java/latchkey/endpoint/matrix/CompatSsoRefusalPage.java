package latchkey.endpoint.matrix;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.session.SeenSession;

/// The rules do not let this person sign in with this app.
///
/// @param devicesToRemove how many have to go, if that is the only reason; 0 otherwise
/// @param sessions that could go; only if some have to
/// @param choose where the choice of them goes, below the base
/// @param reasons in the words of whoever wrote the rules
record CompatSsoRefusalPage(
    Frame frame,
    String csrf,
    String loginId,
    String serverName,
    String app,
    String matrixId,
    long devicesToRemove,
    List<SeenSession> sessions,
    String choose,
    List<String> reasons)
    implements Page {}
