/// Everything between a socket and a room: the listeners, the route table with its groups, strict
/// forms, cookies and CSRF, and the one error mapper that speaks each group's dialect.
@NullMarked
package latchkey.base.web;

import org.jspecify.annotations.NullMarked;
