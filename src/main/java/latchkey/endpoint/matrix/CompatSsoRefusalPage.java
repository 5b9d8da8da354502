package latchkey.endpoint.matrix;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// The rules do not let this person sign in with this app.
///
/// @param deviceLimit whether it is only that they have too many devices
/// @param reasons in the words of whoever wrote the rules
record CompatSsoRefusalPage(
    Frame frame,
    String csrf,
    String loginId,
    String serverName,
    String app,
    String matrixId,
    boolean deviceLimit,
    List<String> reasons)
    implements Page {}
