package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Asks whether to let an account elsewhere go.
///
/// @param last whether nobody could sign in without it: then there is nothing to ask
record WayPage(Frame frame, String csrf, String matrixId, SeenWay way, boolean last)
    implements Page {}
