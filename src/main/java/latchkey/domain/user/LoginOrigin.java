package latchkey.domain.user;

import latchkey.base.web.KnownBrowser;
import latchkey.base.web.Requester;
import org.jspecify.annotations.Nullable;

/// Where a password comes from, as far as limits on guessing go.
///
/// @param ipAddress null where nobody knows: all such count as one
/// @param browser what it shows of sign-ins before; a client without cookies is a stranger
/// @param admitted whether its address has given a permit for this try already
public record LoginOrigin(@Nullable String ipAddress, KnownBrowser browser, boolean admitted) {
  public static LoginOrigin of(Requester requester, KnownBrowser browser) {
    return new LoginOrigin(requester.ipAddress(), browser, false);
  }

  public static LoginOrigin withoutCookies(Requester requester) {
    return new LoginOrigin(requester.ipAddress(), KnownBrowser.stranger(), false);
  }

  LoginOrigin afterAdmission() {
    return new LoginOrigin(ipAddress, browser, true);
  }
}
