package latchkey.endpoint.account;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// The passwords that a person has made for apps.
///
/// @param usable whether anything logs in by password here, so that another one is of use
/// @param revoked whether one was taken back a moment ago
record AppPasswordsPage(
    Frame frame,
    String serverName,
    List<SeenAppPassword> passwords,
    boolean usable,
    boolean revoked)
    implements Page {}
