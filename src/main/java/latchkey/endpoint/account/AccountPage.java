package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// The front of an account: who is signed in, and the ways to everything else.
///
/// @param displayName what the person calls themselves, if the homeserver says so in time
/// @param apps how many apps are signed in
/// @param browsers how many browsers
/// @param appPasswords how many there are; null where nothing logs in by password
/// @param ways how many accounts elsewhere are linked; null where there is nowhere to link
record AccountPage(
    Frame frame,
    String serverName,
    String csrf,
    String matrixId,
    @Nullable String displayName,
    long apps,
    long browsers,
    @Nullable Integer appPasswords,
    @Nullable Integer ways)
    implements Page {}
