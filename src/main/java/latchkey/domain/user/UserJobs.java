package latchkey.domain.user;

/// The names of the jobs about accounts.
final class UserJobs {
  static final String PROVISION_USER = "provision-user";
  static final String SET_DISPLAY_NAME = "set-display-name";

  private UserJobs() {}
}
