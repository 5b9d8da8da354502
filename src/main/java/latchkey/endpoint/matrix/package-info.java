/// The part of the Matrix client-server API that is ours to answer: `GET
/// /_matrix/client/v1/auth_metadata` and its unstable twin (MSC2965), and the login of clients that
/// know no OAuth: `login`, `login/sso/redirect`, `logout`, `logout/all` and `refresh` below
/// `/_matrix/client/{version}`, and the page `/complete-compat-sso/{id}` on our own domain.
@NullMarked
package latchkey.endpoint.matrix;

import org.jspecify.annotations.NullMarked;
