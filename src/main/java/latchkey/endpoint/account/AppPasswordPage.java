package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// One app password, and the question whether to take it back.
///
/// @param sessions how many sessions are signed in with it
record AppPasswordPage(Frame frame, String csrf, SeenAppPassword password, long sessions)
    implements Page {}
