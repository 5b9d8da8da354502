/// Pages: records of what a template needs (`templates/`), and the machinery that fills, checks and
/// replaces templates. An admin's folder (`templates.path`) lies over the built-in one.
@NullMarked
package latchkey.base.web.page;

import org.jspecify.annotations.NullMarked;
