/// `/account/`: where the metadata sends people who want to see to their account (MSC4191). So far
/// it says who is signed in.
@NullMarked
package latchkey.endpoint.account;

import org.jspecify.annotations.NullMarked;
