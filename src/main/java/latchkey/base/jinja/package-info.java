/// The template language of upstream claims (`configuration.md` 13): Jinja as MiniJinja 2.21 speaks
/// it. A [Template] is compiled once, when the configuration is read, and rendered with values that
/// come from strangers. Those reach it as maps, lists, texts, numbers, booleans and null only; no
/// Java object, no method of one, no file and no other template can be named from within, and work,
/// size and depth of a rendering are bounded ([Budget]). Knows nothing of the rest of Latchkey.
@NullMarked
package latchkey.base.jinja;

import org.jspecify.annotations.NullMarked;
