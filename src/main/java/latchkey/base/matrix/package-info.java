/// The words of Matrix: user ids, device ids, scopes (Matrix client-server specification, MSC2967).
@NullMarked
package latchkey.base.matrix;

import org.jspecify.annotations.NullMarked;
