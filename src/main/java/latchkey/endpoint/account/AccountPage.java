package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Who is signed in, and that nothing can be changed here yet.
record AccountPage(Frame frame, String serverName, String csrf, String matrixId) implements Page {}
