package latchkey.domain.session;

/// Why a session ended; kept in its row so that an admin can see what happened.
public enum FinishReason {
  /// The client revoked a token (RFC 7009).
  REVOKED("revoked"),
  /// An old refresh token was used again after its successor was.
  REFRESH_TOKEN_REUSED("refresh_token_reused"),
  /// An authorization code was used again.
  CODE_REUSED("code_reused"),
  /// A legacy client signed out.
  LOGGED_OUT("logged_out"),
  /// Its user had as many sessions as the admin allows, and signed in once more.
  EVICTED("evicted"),
  /// Its opening began and never finished.
  NEVER_OPENED("never_opened"),
  /// A newer session took over the device.
  DEVICE_REUSED("device_reused"),
  /// Somebody in another place kept asking for the same tokens, and the admin chose to end such
  /// sessions.
  SUSPICION("suspicion"),
  /// The key its tokens lean on was withdrawn.
  KEY_WITHDRAWN("key_withdrawn"),
  /// An admin ended all sessions of the user.
  ENDED_BY_ADMIN("ended_by_admin"),
  /// Its account was deactivated.
  DEACTIVATED("deactivated"),
  /// Its user was asked about a suspicion and said that it was somebody else.
  ENDED_BY_USER("ended_by_user"),
  /// Its user signed it out on the account page.
  SIGNED_OUT("signed_out"),
  /// The app password it was opened with was taken back.
  APP_PASSWORD_REVOKED("app_password_revoked"),
  /// The app password it was opened with is no longer good.
  APP_PASSWORD_EXPIRED("app_password_expired"),
  /// It was not used for as long as the admin allows.
  IDLE("idle"),
  /// It lived as long as the admin allows.
  EXPIRED("expired"),
  /// Its client is no longer in the configuration, and an admin had such clients deleted.
  CLIENT_REMOVED("client_removed"),
  /// The provider its user had signed in through said that they signed out there.
  UPSTREAM_LOGOUT("upstream_logout"),
  /// The provider its user had signed in through does not know them any more.
  UPSTREAM_GONE("upstream_gone"),
  /// The rules do not admit its user any more, by what their provider says of them.
  UPSTREAM_REFUSED("upstream_refused"),
  /// It was begun through a provider, and the account there is not linked to its user any more.
  UPSTREAM_UNLINKED("upstream_unlinked");

  private final String text;

  FinishReason(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /// Whether whoever ended the session does not want its client to come back unasked.
  boolean withdrawsApproval() {
    return switch (this) {
      case REFRESH_TOKEN_REUSED,
          CODE_REUSED,
          SUSPICION,
          ENDED_BY_ADMIN,
          DEACTIVATED,
          ENDED_BY_USER,
          SIGNED_OUT,
          UPSTREAM_LOGOUT,
          UPSTREAM_GONE,
          UPSTREAM_REFUSED,
          UPSTREAM_UNLINKED ->
          true;
      case REVOKED,
          LOGGED_OUT,
          EVICTED,
          NEVER_OPENED,
          DEVICE_REUSED,
          KEY_WITHDRAWN,
          APP_PASSWORD_REVOKED,
          APP_PASSWORD_EXPIRED,
          IDLE,
          EXPIRED,
          CLIENT_REMOVED ->
          false;
    };
  }
}
