/// Mail: how it is sent. Nothing is sent in this release.
@NullMarked
package latchkey.base.mail;

import org.jspecify.annotations.NullMarked;
