package latchkey.endpoint.account;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.session.SeenSession;
import org.jspecify.annotations.Nullable;

/// What is signed in.
///
/// @param apps OAuth and legacy sessions, newest first; null on a page of older browsers
/// @param older the last of them, if there are more; to go on after
/// @param browsers newest first; none on a page of older apps
/// @param olderBrowsers the last of them, if there are more
/// @param limit how many there may be, if that is limited
/// @param ended how many were signed out a moment ago
/// @param others whether anything but this browser is signed in
record AccountSessionsPage(
    Frame frame,
    String matrixId,
    @Nullable List<SeenSession> apps,
    @Nullable String older,
    List<SeenSession> browsers,
    @Nullable String olderBrowsers,
    @Nullable Limit limit,
    long ended,
    boolean others)
    implements Page {
  /// @param near whether the next sign-ins may be refused
  record Limit(long count, long most, boolean near) {}
}
