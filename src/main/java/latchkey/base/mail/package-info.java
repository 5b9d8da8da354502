/// Mail: the section `email`, the messages, and how they leave the house (SMTP, a command, or not
/// at all).
@NullMarked
package latchkey.base.mail;

import org.jspecify.annotations.NullMarked;
