package latchkey.domain.homeserver;

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
  /// The server part of Matrix ids.
  String serverName();

  /// The id of one of its users.
  default MatrixId matrixId(String localpart) {
    return new MatrixId(localpart, serverName());
  }

  /// @param displayName null to leave it as it is
  record Account(
      String localpart, List<String> emails, boolean locked, @Nullable String displayName) {}

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
}
