package latchkey.endpoint.matrix;

import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.error.MatrixProblem;

/// What a legacy client logs in with (`matrix-compat.md` 5).
sealed interface LoginRequest {
  String PASSWORD = "m.login.password";
  String SSO = "m.login.sso";
  String TOKEN = "m.login.token";
  String APPLICATION_SERVICE = "m.login.application_service";

  /// What it wants besides being let in.
  ///
  /// @param device the device it has already
  /// @param deviceName what it calls the device
  /// @param refreshes whether it can refresh tokens
  record Wishes(Optional<String> device, Optional<String> deviceName, boolean refreshes) {}

  /// How a person says who they are.
  sealed interface Identifier {
    /// A localpart, or a Matrix id.
    record Name(String text) implements Identifier {}

    record Email(String address) implements Identifier {}
  }

  record Password(Identifier who, Secret password, Wishes wishes) implements LoginRequest {}

  /// With what `m.login.sso` ended with.
  record Token(Secret token, Wishes wishes) implements LoginRequest {}

  /// Reads the request; what is wrong with it is told in the order of the reference.
  static LoginRequest read(MatrixBody body, boolean passwords, boolean emails) {
    var type = body.requireString("type");
    var wishes =
        new Wishes(
            body.string("device_id"),
            body.string("initial_device_display_name"),
            body.flag("refresh_token"));
    var request =
        switch (type) {
          case PASSWORD -> {
            if (!passwords) {
              throw unknownType();
            }
            yield password(body, wishes, emails);
          }
          case TOKEN -> new Token(Secret.of(body.requireString("token")), wishes);
          case APPLICATION_SERVICE ->
              throw new MatrixProblem(
                  400,
                  "M_APPSERVICE_LOGIN_UNSUPPORTED",
                  "Application services act with their own token and do not log in");
          default -> throw unknownType();
        };
    requireUsable(wishes);
    return request;
  }

  private static MatrixProblem unknownType() {
    return new MatrixProblem(400, "M_UNKNOWN", "Invalid login type");
  }

  /// The homeserver refuses every request of a device with another id.
  private static void requireUsable(Wishes wishes) {
    if (wishes.device().isPresent()) {
      var id = wishes.device().get();
      int length = id.codePointCount(0, id.length());
      if (length < 1 || length > 255 || id.codePoints().anyMatch(Character::isISOControl)) {
        throw new MatrixProblem(
            400,
            "M_INVALID_PARAM",
            "A device_id has between 1 and 255 characters, and no control characters");
      }
    }
  }

  private static Password password(MatrixBody body, Wishes wishes, boolean emails) {
    var password = Secret.of(body.requireString("password"));
    var identifier = body.object("identifier");
    var kind = identifier.map(object -> object.requireString("type"));
    // The deprecated member wins over the one that took its place.
    var user =
        body.string("user")
            .or(
                () ->
                    identifier
                        .filter(_ -> kind.equals(Optional.of("m.id.user")))
                        .map(object -> object.requireString("user")))
            .map(Identifier.Name::new);
    if (user.isPresent()) {
      return new Password(user.get(), password, wishes);
    }
    var email = emails ? email(identifier, kind) : Optional.<Identifier.Email>empty();
    if (email.isPresent()) {
      return new Password(email.get(), password, wishes);
    } else if (identifier.isPresent()) {
      throw new MatrixProblem(400, "M_UNKNOWN", "Unsupported login identifier");
    }
    // The missing quotation mark is what clients know.
    throw new MatrixProblem(400, "M_BAD_JSON", "Missing property 'identifier");
  }

  private static Optional<Identifier.Email> email(
      Optional<MatrixBody> identifier, Optional<String> kind) {
    return identifier
        .filter(_ -> kind.equals(Optional.of("m.id.thirdparty")))
        .filter(object -> object.requireString("medium").equals("email"))
        .map(object -> new Identifier.Email(object.requireString("address")));
  }
}
