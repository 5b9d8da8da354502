package latchkey.endpoint.account;

import latchkey.base.crypto.Secret;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Shows a new app password, once, and what to type beside it.
record AppPasswordMadePage(
    Frame frame, String serverName, String matrixId, SeenAppPassword made, Secret password)
    implements Page {}
