package latchkey.base.web;

import latchkey.base.language.Message;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// What went wrong, in a sentence for the person, with the reference of the log line and one way
/// on.
///
/// @param again whether that way is the same page once more
record ErrorPage(
    Frame frame, Message heading, Message text, boolean again, @Nullable String reference)
    implements Page {}
