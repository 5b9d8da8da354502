package latchkey.endpoint.site;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// The start page.
///
/// @param username the Matrix id this browser is signed in as, if it is
record StartPage(
    Frame frame, String serverName, String csrf, @Nullable String username, String discoveryUrl)
    implements Page {}
