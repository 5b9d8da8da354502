package latchkey.domain.policy;

/// What rules are asked about; each has files of its own.
enum Question {
  CLIENT_REGISTRATION("client_registration"),
  AUTHORIZATION_GRANT("authorization_grant"),
  COMPAT_LOGIN("compat_login"),
  UPSTREAM_LOGIN("upstream_login"),
  REGISTER("register");

  private final String fileName;

  Question(String fileName) {
    this.fileName = fileName;
  }

  /// Whether its files can also say what somebody may be here: `admin` and `scopes`.
  boolean grants() {
    return this == UPSTREAM_LOGIN;
  }

  /// What the names of its files begin with.
  String fileName() {
    return fileName;
  }
}
