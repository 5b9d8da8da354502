package latchkey.endpoint.notices;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.notice.Told;

/// Asks whether it was the person who was seen in two places.
///
/// @param action where the form goes, below the base
record SuspicionPage(Frame frame, String csrf, String action, String matrixId, Told told)
    implements Page {}
