/// What people read, in their language: texts by key (`translations/<language>.json`), their
/// placeholders and plurals, and which language a person gets (RFC 4647).
@NullMarked
package latchkey.base.language;

import org.jspecify.annotations.NullMarked;
