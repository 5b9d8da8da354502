package latchkey.base.web;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;

/// A page below `/account/` that a person can come back to after signing in.
///
/// @param item the session, app password or link it is about, for a page that is about one
public record AccountPlace(Page page, Optional<UUID> item) {
  /// Which one.
  public enum Page {
    /// Apps, devices and browsers.
    SESSIONS,
    SESSION,
    /// Asks whether to sign out everything else.
    OTHERS,
    APP_PASSWORDS,
    APP_PASSWORD,
    /// Asks what a new one is for.
    NEW_APP_PASSWORD,
    /// The accounts elsewhere that one can sign in with.
    WAYS,
    /// Asks whether to let go of one of them.
    WAY;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether a page of this kind says which thing it is about.
    boolean isAboutOne() {
      return this == SESSION || this == APP_PASSWORD || this == WAY;
    }

    /// Whether what is done there is worth proving once more who one is.
    boolean needsRecentSignIn() {
      return this == OTHERS || this == NEW_APP_PASSWORD || this == WAY;
    }
  }

  public static AccountPlace of(Page page) {
    return new AccountPlace(page, Optional.empty());
  }

  public static AccountPlace session(UUID session) {
    return new AccountPlace(Page.SESSION, Optional.of(session));
  }

  public static AccountPlace appPassword(UUID password) {
    return new AccountPlace(Page.APP_PASSWORD, Optional.of(password));
  }

  /// @param link between the account and one elsewhere
  public static AccountPlace way(UUID link) {
    return new AccountPlace(Page.WAY, Optional.of(link));
  }

  /// Reads `page` and `id`; empty if they name no page.
  static Optional<AccountPlace> read(Parameters parameters) {
    var wanted = parameters.find("page").orElse("");
    var item = parameters.find("id").flatMap(Ids::parse);
    return Arrays.stream(Page.values())
        .filter(page -> page.text().equals(wanted))
        .filter(page -> page.isAboutOne() == item.isPresent())
        .findFirst()
        .map(page -> new AccountPlace(page, item));
  }

  Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("page", page.text());
    item.ifPresent(id -> parameters.put("id", Ids.text(id)));
    return parameters;
  }

  /// Without prefix.
  public String path() {
    return switch (page) {
      case SESSIONS -> Routes.SESSIONS;
      case SESSION -> Routes.SESSIONS + "/" + item.map(Ids::text).orElse("");
      case OTHERS -> Routes.OTHER_SESSIONS;
      case APP_PASSWORDS -> Routes.APP_PASSWORDS;
      case APP_PASSWORD -> Routes.APP_PASSWORDS + "/" + item.map(Ids::text).orElse("");
      case NEW_APP_PASSWORD -> Routes.APP_PASSWORDS + "/new";
      case WAYS -> Routes.WAYS;
      case WAY -> Routes.WAYS + "/" + item.map(Ids::text).orElse("");
    };
  }
}
