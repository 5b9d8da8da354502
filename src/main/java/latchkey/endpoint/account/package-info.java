/// `/account/`: where the metadata sends people who want to see to their account (MSC4191,
/// `oauth.md` 15.2): `sessions` shows what is signed in and signs it out, `app-passwords` makes
/// passwords for legacy apps and takes them back. Everything is behind [Door], and every page asks
/// before it acts.
@NullMarked
package latchkey.endpoint.account;

import org.jspecify.annotations.NullMarked;
