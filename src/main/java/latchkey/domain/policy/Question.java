package latchkey.domain.policy;

/// What rules are asked about; each has files of its own.
enum Question {
  CLIENT_REGISTRATION("client_registration"),
  AUTHORIZATION_GRANT("authorization_grant"),
  COMPAT_LOGIN("compat_login");

  private final String fileName;

  Question(String fileName) {
    this.fileName = fileName;
  }

  /// What the names of its files begin with.
  String fileName() {
    return fileName;
  }
}
