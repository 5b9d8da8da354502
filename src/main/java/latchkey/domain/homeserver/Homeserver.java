package latchkey.domain.homeserver;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Latchkey asks of a homeserver. Every verb can be repeated without harm, has a deadline of
/// seconds, and throws [HomeserverProblem] when it could not be carried out. Nobody holds a
/// database connection meanwhile.
public interface Homeserver {
  /// The server part of Matrix ids.
  String serverName();

  /// @param displayName null to leave it as it is
  record Account(
      String localpart, List<String> emails, boolean locked, @Nullable String displayName) {}

  /// A profile as other people see it.
  record Profile(Optional<String> displayName) {}

  /// Creates the account or brings it up to date.
  void provisionUser(Account account);

  boolean isLocalpartAvailable(String localpart);

  Profile queryUser(String localpart);

  void upsertDevice(String localpart, String deviceId, @Nullable String displayName);

  void deleteDevice(String localpart, String deviceId);

  /// Makes the account's devices exactly these: others are deleted, missing ones created.
  void syncDevices(String localpart, Collection<String> deviceIds);

  void setDisplayName(String localpart, String displayName);

  void unsetDisplayName(String localpart);
}
