/// Routes, cookies, the one error mapper.
@NullMarked
package latchkey.base.web;

import org.jspecify.annotations.NullMarked;
