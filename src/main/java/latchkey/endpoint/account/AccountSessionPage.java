package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.session.SeenSession;

/// One session, and the question whether to sign it out.
record AccountSessionPage(Frame frame, String csrf, SeenSession session) implements Page {}
