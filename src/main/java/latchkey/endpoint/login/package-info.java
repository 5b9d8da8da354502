/// `/login`: proves a person by password and opens a browser session. Knows nothing of OAuth.
@NullMarked
package latchkey.endpoint.login;

import org.jspecify.annotations.NullMarked;
