package latchkey.endpoint.matrix;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// Which app wants to sign in, and as whom.
///
/// @param app where the login leads: a host, or the scheme of an app on the person's own machine
/// @param initial stands for its logo
/// @param displayName what the person calls themselves, if the homeserver says so in time
/// @param accountId the id of the user who is asked
record CompatSsoPage(
    Frame frame,
    String csrf,
    String loginId,
    String serverName,
    String app,
    String initial,
    @Nullable String displayName,
    String matrixId,
    String accountId)
    implements Page {}
