/// What a user is told of: sessions that ended because a token was used twice, and suspicions. By
/// mail (`SessionEndedMail`, `SuspicionMail`), and at the next sign-in (`/notices`); table
/// `audit_events`.
@NullMarked
package latchkey.domain.notice;

import org.jspecify.annotations.NullMarked;
