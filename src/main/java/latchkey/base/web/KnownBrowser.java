package latchkey.base.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What a browser can show of sign-ins that went well in it: enough to tell its people from
/// strangers who try their passwords, and no proof of anything else.
///
/// @param id chance, so that each browser is counted apart; empty for one that never signed in
/// @param accounts names of accounts, in lower case, and when each was signed in to last
public record KnownBrowser(String id, Map<String, Instant> accounts) {
  private static final Duration LIFE = Duration.ofDays(365);
  private static final int MOST = 8;

  public KnownBrowser {
    accounts = Map.copyOf(accounts);
  }

  /// A browser that shows nothing.
  public static KnownBrowser stranger() {
    return new KnownBrowser("", Map.of());
  }

  /// Whether somebody signed in to that account here within a year.
  public boolean knows(String username, Instant now) {
    var at = accounts.get(username.toLowerCase(Locale.ROOT));
    return at != null && now.isBefore(at.plus(LIFE));
  }

  /// After a sign-in. Of many accounts the ones of long ago are forgotten.
  KnownBrowser signedIn(String username, Instant now) {
    var all = new LinkedHashMap<>(accounts);
    all.put(username.toLowerCase(Locale.ROOT), now);
    while (all.size() > MOST) {
      all.remove(
          all.entrySet().stream()
              .min(Comparator.comparing(Map.Entry::getValue))
              .orElseThrow()
              .getKey());
    }
    return new KnownBrowser(id, all);
  }
}
