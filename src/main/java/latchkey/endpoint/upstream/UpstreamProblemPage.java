package latchkey.endpoint.upstream;

import latchkey.base.language.Message;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// Somebody does not come in: why, whom to ask, and a way on.
///
/// @param code what tests and other programs go by
/// @param words of the provider, or of whoever wrote a rule
/// @param contact whom to ask
/// @param onwards where the button leads, below the base, and what it says
/// @param signIn another way in, below the base; null if the button is that
/// @param reference of the log line, where somebody has to look for it; else null
record UpstreamProblemPage(
    Frame frame,
    String serverName,
    String code,
    Message heading,
    Message text,
    @Nullable String words,
    Contact contact,
    String onwards,
    Message act,
    @Nullable String signIn,
    @Nullable String reference)
    implements Page {
  UpstreamProblemPage withReference(@Nullable String known) {
    return new UpstreamProblemPage(
        frame, serverName, code, heading, text, words, contact, onwards, act, signIn, known);
  }
}
