/// Accounts: users, their e-mail addresses and passwords, and the lease that orders changes to
/// their devices (tables `users`, `user_emails`, `user_passwords`, `app_passwords`, `user_leases`).
@NullMarked
package latchkey.domain.user;

import org.jspecify.annotations.NullMarked;
