package latchkey.domain.user;

/// The names of the jobs about accounts. Each carries the user's id first.
public final class UserJobs {
  public static final String PROVISION_USER = "provision-user";

  /// And the name, empty to take it away.
  public static final String SET_DISPLAY_NAME = "set-display-name";

  /// And whether to erase, `true` or `false`.
  public static final String DEACTIVATE_USER = "deactivate-user";

  public static final String REACTIVATE_USER = "reactivate-user";
  public static final String ALLOW_CROSS_SIGNING_RESET = "allow-cross-signing-reset";

  private UserJobs() {}
}
