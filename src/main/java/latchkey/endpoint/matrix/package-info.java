/// The part of the Matrix client-server API that is ours to answer: `GET
/// /_matrix/client/v1/auth_metadata` and its unstable twin (MSC2965).
@NullMarked
package latchkey.endpoint.matrix;

import org.jspecify.annotations.NullMarked;
