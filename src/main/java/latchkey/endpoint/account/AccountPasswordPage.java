package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Where a password is changed; so far it says that it cannot be.
record AccountPasswordPage(Frame frame, String serverName, String matrixId) implements Page {}
