package latchkey.endpoint.matrix;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// This login was answered before, or waited too long; the app has to begin anew.
record CompatSsoOverPage(Frame frame) implements Page {}
