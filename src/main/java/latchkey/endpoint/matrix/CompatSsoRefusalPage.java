package latchkey.endpoint.matrix;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// The rules do not let this person sign in with this app.
///
/// @param devicesToRemove how many have to go, if that is the only reason; 0 otherwise
/// @param reasons in the words of whoever wrote the rules
record CompatSsoRefusalPage(
    Frame frame,
    String csrf,
    String loginId,
    String serverName,
    String app,
    String matrixId,
    long devicesToRemove,
    List<String> reasons)
    implements Page {}
