package latchkey.domain.notice;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Letter;

/// Tells of a suspicion.
///
/// @param link to the page that asks; it opens for its user only, and does nothing by itself
record SuspicionMail(Frame frame, String serverName, String username, Told told, String link)
    implements Letter {}
