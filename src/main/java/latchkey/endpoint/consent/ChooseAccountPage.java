package latchkey.endpoint.consent;

import latchkey.base.language.Message;
import latchkey.base.web.WayBack;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Asks with which account to go on, or says that it cannot be the one that is signed in.
///
/// @param kind for tests and styling
/// @param accountId the id of the user who is signed in
/// @param mayGoOn whether that user will do
record ChooseAccountPage(
    Frame frame,
    String csrf,
    String grantId,
    String kind,
    Message heading,
    Message text,
    String matrixId,
    String accountId,
    boolean mayGoOn,
    WayBack wayBack)
    implements Page {}
