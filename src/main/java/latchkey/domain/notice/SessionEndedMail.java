package latchkey.domain.notice;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Letter;

/// Tells that a session was ended to protect its user.
record SessionEndedMail(Frame frame, String serverName, String username, Told told)
    implements Letter {}
