package latchkey.domain.homeserver;

import static latchkey.domain.homeserver.SynapseConnection.encoded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import latchkey.base.crypto.Secret;
import latchkey.domain.homeserver.SynapseConnection.Answer;
import latchkey.domain.homeserver.SynapseConnection.Call;
import org.jspecify.annotations.Nullable;

/// Synapse before 1.136, over its admin API with the `admin_token` of
/// `experimental_features.msc3861` (`homeserver.md` 4). Synapse 1.157 and later refuse to start
/// with that setting.
final class LegacySynapseHomeserver implements Homeserver {
  private static final int CREATED = 201;

  /// With one more call, of eleven seconds at most, still within a user's lease of 40 seconds.
  private static final Duration LONGEST_SYNC = Duration.ofSeconds(25);

  /// What Synapse calls us in the external ids of its users.
  private static final String PROVIDER = "oauth-delegated";

  private final MatrixConfig config;
  private final SynapseConnection connection;

  /// @param deadline for a whole call, the answer's last byte included
  /// @param health hears how each call went
  LegacySynapseHomeserver(MatrixConfig config, Duration deadline, HomeserverHealth health) {
    this.config = config;
    this.connection = new SynapseConnection(config, deadline, health);
  }

  @Override
  public String serverName() {
    return config.homeserver();
  }

  @Override
  public boolean verifyToken(Secret token) {
    return config.secret().equals(token);
  }

  /// It is not told who is locked: this API takes that for something else.
  @Override
  public boolean provisionUser(Account account) {
    var link =
        new JsonObject().put("auth_provider", PROVIDER).put("external_id", account.subject());
    var addresses = new JsonArray();
    for (var email : account.emails()) {
      addresses.add(new JsonObject().put("medium", "email").put("address", email));
    }
    var body =
        new JsonObject().put("external_ids", new JsonArray().add(link)).put("threepids", addresses);
    if (account.displayName() != null) {
      body.put("displayname", account.displayName());
    }
    return send("provision user", "PUT", user(account.localpart()), body).status() == CREATED;
  }

  @Override
  public boolean isLocalpartAvailable(String localpart) {
    var path = "_synapse/admin/v1/username_available?username=" + encoded(localpart);
    try {
      return connection.send(Call.get("username_available", path)).flag("available");
    } catch (HomeserverProblem e) {
      if (e.errcode() != null && SynapseHomeserver.TAKEN.contains(e.errcode())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Profile queryUser(String localpart) {
    return new Profile(
        connection.send(Call.get("query user", user(localpart))).text("displayname"));
  }

  @Override
  public void upsertDevice(String localpart, String deviceId, @Nullable String displayName) {
    create(localpart, deviceId);
    if (displayName != null) {
      updateDeviceDisplayName(localpart, deviceId, displayName);
    }
  }

  private void create(String localpart, String deviceId) {
    var body = new JsonObject().put("device_id", deviceId);
    send("create device", "POST", user(localpart) + "/devices", body);
  }

  @Override
  public void updateDeviceDisplayName(String localpart, String deviceId, String displayName) {
    var body = new JsonObject().put("display_name", SynapseHomeserver.cut(displayName));
    send("rename device", "PUT", device(localpart, deviceId), body);
  }

  @Override
  public void deleteDevice(String localpart, String deviceId) {
    evenIfUnknown(() -> send("delete device", "DELETE", device(localpart, deviceId), null));
  }

  /// Three steps that are not one: a device that comes up between them is created twice at worst,
  /// which this API allows. It ends well before the lease that covers it does; asked again, it goes
  /// on where it was.
  @Override
  public void syncDevices(String localpart, Collection<String> deviceIds) {
    long begin = System.nanoTime();
    var missing = new TreeSet<>(deviceIds);
    var extra = new JsonArray();
    for (var known : devices(localpart)) {
      if (!missing.remove(known)) {
        extra.add(known);
      }
    }
    requireTime("delete devices", begin);
    send(
        "delete devices",
        "POST",
        user(localpart) + "/delete_devices",
        new JsonObject().put("devices", extra));
    for (var device : missing) {
      requireTime("create device", begin);
      create(localpart, device);
    }
  }

  private static void requireTime(String verb, long begin) {
    if (System.nanoTime() - begin > LONGEST_SYNC.toNanos()) {
      // Nothing is under way, so this is no time-out.
      throw HomeserverProblem.of(
          HomeserverProblem.Kind.SERVER_ERROR,
          verb + ": bringing devices in order takes too long, going on later");
    }
  }

  /// Without the dehydrated one, which no session of ours holds and nobody may take away.
  private List<String> devices(String localpart) {
    var answer = connection.send(Call.get("list devices", user(localpart) + "/devices"));
    var ids = new ArrayList<String>();
    if (!(answer.body().getValue("devices") instanceof JsonArray entries)) {
      throw HomeserverProblem.of(
          HomeserverProblem.Kind.SERVER_ERROR, "list devices: the answer has no list of devices");
    }
    for (var entry : entries) {
      if (entry instanceof JsonObject device
          && device.getValue("device_id") instanceof String id
          && !Boolean.TRUE.equals(device.getValue("dehydrated"))) {
        ids.add(id);
      }
    }
    return ids;
  }

  @Override
  public void setDisplayName(String localpart, String displayName) {
    var path = "_matrix/client/v3/profile/" + matrixIdOf(localpart) + "/displayname";
    send("set display name", "PUT", path, new JsonObject().put("displayname", displayName));
  }

  @Override
  public void unsetDisplayName(String localpart) {
    setDisplayName(localpart, "");
  }

  @Override
  public void deleteUser(String localpart, boolean erase) {
    var path = "_synapse/admin/v1/deactivate/" + matrixIdOf(localpart);
    var body = new JsonObject().put("erase", erase);
    evenIfUnknown(() -> connection.send(Call.of("deactivate", "POST", path, body).within(SLOWEST)));
  }

  @Override
  public void reactivateUser(String localpart) {
    send("reactivate", "PUT", user(localpart), new JsonObject().put("deactivated", false));
  }

  @Override
  public void allowCrossSigningReset(String localpart) {
    var path =
        "_synapse/admin/v1/users/"
            + matrixIdOf(localpart)
            + "/_allow_cross_signing_replacement_without_uia";
    evenIfUnknown(() -> send("allow cross-signing reset", "POST", path, new JsonObject()));
  }

  /// Synapse looks at the token first, and then misses the name.
  @Override
  public void ping() {
    try {
      connection.send(Call.get("ping", "_synapse/admin/v1/username_available"));
    } catch (HomeserverProblem e) {
      if (e.kind() != HomeserverProblem.Kind.REFUSED) {
        throw e;
      }
    }
  }

  private static void evenIfUnknown(Runnable call) {
    try {
      call.run();
    } catch (HomeserverProblem e) {
      if (e.kind() != HomeserverProblem.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private Answer send(String verb, String method, String path, @Nullable JsonObject body) {
    return connection.send(Call.of(verb, method, path, body));
  }

  private String user(String localpart) {
    return "_synapse/admin/v2/users/" + matrixIdOf(localpart);
  }

  private String device(String localpart, String deviceId) {
    return user(localpart) + "/devices/" + encoded(deviceId);
  }

  private String matrixIdOf(String localpart) {
    return encoded("@" + localpart + ":" + serverName());
  }
}
