package latchkey.endpoint.notices;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.notice.Told;

/// Tells which sessions ended.
///
/// @param action where the form goes, below the base
/// @param seen the events on the page
record NoticesPage(
    Frame frame,
    String csrf,
    String action,
    String serverName,
    String matrixId,
    List<Told> told,
    String seen)
    implements Page {}
