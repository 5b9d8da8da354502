package latchkey.domain.homeserver;

import java.util.Collection;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// A homeserver that may be asked and not told (`matrix.kind: synapse_read_only`), for a rehearsal
/// beside the service that still runs: every write fails here, and its job waits.
final class ReadOnlyHomeserver implements Homeserver {
  private final Homeserver homeserver;

  ReadOnlyHomeserver(Homeserver homeserver) {
    this.homeserver = homeserver;
  }

  @Override
  public String serverName() {
    return homeserver.serverName();
  }

  @Override
  public boolean verifyToken(Secret token) {
    return homeserver.verifyToken(token);
  }

  @Override
  public boolean isLocalpartAvailable(String localpart) {
    return homeserver.isLocalpartAvailable(localpart);
  }

  @Override
  public Profile queryUser(String localpart) {
    return homeserver.queryUser(localpart);
  }

  /// Whatever its answer: what jobs want to do would fail.
  @Override
  public void ping() {
    throw refusal("ping");
  }

  @Override
  public boolean provisionUser(Account account) {
    throw refusal("provision_user");
  }

  @Override
  public void upsertDevice(String localpart, String deviceId, @Nullable String displayName) {
    throw refusal("upsert_device");
  }

  @Override
  public void updateDeviceDisplayName(String localpart, String deviceId, String displayName) {
    throw refusal("update_device_display_name");
  }

  @Override
  public void deleteDevice(String localpart, String deviceId) {
    throw refusal("delete_device");
  }

  @Override
  public void syncDevices(String localpart, Collection<String> deviceIds) {
    throw refusal("sync_devices");
  }

  @Override
  public void setDisplayName(String localpart, String displayName) {
    throw refusal("set_displayname");
  }

  @Override
  public void unsetDisplayName(String localpart) {
    throw refusal("unset_displayname");
  }

  @Override
  public void deleteUser(String localpart, boolean erase) {
    throw refusal("delete_user");
  }

  @Override
  public void reactivateUser(String localpart) {
    throw refusal("reactivate_user");
  }

  @Override
  public void allowCrossSigningReset(String localpart) {
    throw refusal("allow_cross_signing_reset");
  }

  private static HomeserverProblem refusal(String verb) {
    return HomeserverProblem.of(
        HomeserverProblem.Kind.READ_ONLY,
        verb + ": nothing is written to the homeserver (matrix.kind is synapse_read_only)");
  }
}
