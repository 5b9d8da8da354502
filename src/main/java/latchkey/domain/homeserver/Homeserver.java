package latchkey.domain.homeserver;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.matrix.MatrixId;
import org.jspecify.annotations.Nullable;

/// What Latchkey asks of a homeserver. Every verb can be repeated without harm, has a deadline of
/// seconds, and throws [HomeserverProblem] when it could not be carried out. Nobody holds a
/// database connection meanwhile.
public interface Homeserver {
  /// What [#deleteUser] may take; whoever holds a lease meanwhile holds it for longer.
  Duration SLOWEST = Duration.ofMinutes(5);

  /// The server part of Matrix ids.
  String serverName();

  /// The id of one of its users.
  default MatrixId matrixId(String localpart) {
    return new MatrixId(localpart, serverName());
  }

  /// @param subject our own name for the user, which never changes (legacy Synapse links by it)
  /// @param displayName null to leave it as it is
  record Account(
      String subject,
      String localpart,
      List<String> emails,
      boolean locked,
      @Nullable String displayName) {}

  /// A profile as other people see it.
  record Profile(Optional<String> displayName) {}

  /// Whether this is the secret the homeserver shares with us; compares in constant time.
  boolean verifyToken(Secret token);

  /// Creates the account or brings it up to date; true if it is new there.
  boolean provisionUser(Account account);

  boolean isLocalpartAvailable(String localpart);

  Profile queryUser(String localpart);

  void upsertDevice(String localpart, String deviceId, @Nullable String displayName);

  /// Renames a device it knows.
  void updateDeviceDisplayName(String localpart, String deviceId, String displayName);

  /// A device or user it does not know is no error: there is nothing left to delete.
  void deleteDevice(String localpart, String deviceId);

  /// Makes the account's devices exactly these: others are deleted, missing ones created.
  void syncDevices(String localpart, Collection<String> deviceIds);

  void setDisplayName(String localpart, String displayName);

  void unsetDisplayName(String localpart);

  /// Deactivates the account there: devices, tokens and account data go, rooms are left in the
  /// background. Takes minutes, so this call alone has a deadline of [#SLOWEST]. A user it does not
  /// know is no error.
  ///
  /// @param erase whether what the user wrote is to be hidden too
  void deleteUser(String localpart, boolean erase);

  /// Undoes a deactivation; rooms are not joined again.
  void reactivateUser(String localpart);

  /// For ten minutes the user may replace their cross-signing keys without proving who they are. A
  /// user without keys needs no leave, which is no error.
  void allowCrossSigningReset(String localpart);

  /// Asks the cheapest question there is: whether it can be talked to, with this secret.
  void ping();
}
