package latchkey.domain.homeserver;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import latchkey.base.crypto.Secret;
import latchkey.domain.homeserver.SynapseConnection.Answer;
import latchkey.domain.homeserver.SynapseConnection.Call;
import org.jspecify.annotations.Nullable;

/// Synapse behind `/_synapse/mas/*` (Synapse 1.136 or later).
final class SynapseHomeserver implements Homeserver {
  private static final String BASE = "_synapse/mas/";
  private static final int CREATED = 201;
  private static final int DEVICE_NAME_LIMIT = 100;

  /// Why a name is not to be had; any other refusal is a failure.
  static final Set<String> TAKEN = Set.of("M_USER_IN_USE", "M_INVALID_USERNAME", "M_EXCLUSIVE");

  private final MatrixConfig config;
  private final SynapseConnection connection;

  /// @param deadline for a whole call, the answer's last byte included
  /// @param health hears how each call went
  SynapseHomeserver(MatrixConfig config, Duration deadline, HomeserverHealth health) {
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

  @Override
  public boolean provisionUser(Account account) {
    // Members without a value are left out: their presence alone means something to Synapse.
    var body = user(account.localpart()).put("locked", account.locked());
    if (account.emails().isEmpty()) {
      body.put("unset_emails", true);
    } else {
      body.put("set_emails", new JsonArray(account.emails()));
    }
    if (account.displayName() != null) {
      body.put("set_displayname", account.displayName());
    }
    return post("provision_user", body).status() == CREATED;
  }

  @Override
  public boolean isLocalpartAvailable(String localpart) {
    try {
      get("is_localpart_available", localpart);
      return true;
    } catch (HomeserverProblem e) {
      if (e.errcode() != null && TAKEN.contains(e.errcode())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Profile queryUser(String localpart) {
    return new Profile(get("query_user", localpart).text("display_name"));
  }

  @Override
  public void upsertDevice(String localpart, String deviceId, @Nullable String displayName) {
    var body = device(localpart, deviceId);
    if (displayName != null) {
      body.put("display_name", cut(displayName));
    }
    post("upsert_device", body);
  }

  @Override
  public void updateDeviceDisplayName(String localpart, String deviceId, String displayName) {
    post(
        "update_device_display_name",
        device(localpart, deviceId).put("display_name", cut(displayName)));
  }

  @Override
  public void deleteDevice(String localpart, String deviceId) {
    try {
      post("delete_device", device(localpart, deviceId));
    } catch (HomeserverProblem e) {
      // A user it does not know has no device either; asking for ever would not change that.
      if (e.kind() != HomeserverProblem.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  @Override
  public void syncDevices(String localpart, Collection<String> deviceIds) {
    var devices = new JsonArray();
    deviceIds.forEach(devices::add);
    post("sync_devices", user(localpart).put("devices", devices));
  }

  @Override
  public void setDisplayName(String localpart, String displayName) {
    post("set_displayname", user(localpart).put("displayname", displayName));
  }

  @Override
  public void unsetDisplayName(String localpart) {
    post("unset_displayname", user(localpart));
  }

  @Override
  public void deleteUser(String localpart, boolean erase) {
    try {
      connection.send(call("delete_user", user(localpart).put("erase", erase)).within(SLOWEST));
    } catch (HomeserverProblem e) {
      // There is nobody to deactivate.
      if (e.kind() != HomeserverProblem.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  @Override
  public void reactivateUser(String localpart) {
    post("reactivate_user", user(localpart));
  }

  @Override
  public void allowCrossSigningReset(String localpart) {
    post("allow_cross_signing_reset", user(localpart));
  }

  /// Synapse looks at the secret first, and then misses the name.
  @Override
  public void ping() {
    try {
      connection.send(Call.get("ping", BASE + "is_localpart_available"));
    } catch (HomeserverProblem e) {
      if (e.kind() != HomeserverProblem.Kind.REFUSED) {
        throw e;
      }
    }
  }

  private Answer get(String verb, String localpart) {
    return connection.send(
        Call.get(verb, BASE + verb + "?localpart=" + SynapseConnection.encoded(localpart)));
  }

  private Answer post(String verb, JsonObject body) {
    return connection.send(call(verb, body));
  }

  private static Call call(String verb, JsonObject body) {
    return Call.of(verb, "POST", BASE + verb, body);
  }

  private static JsonObject user(String localpart) {
    return new JsonObject().put("localpart", localpart);
  }

  private static JsonObject device(String localpart, String deviceId) {
    return user(localpart).put("device_id", deviceId);
  }

  static String cut(String name) {
    return name.codePointCount(0, name.length()) <= DEVICE_NAME_LIMIT
        ? name
        : name.substring(0, name.offsetByCodePoints(0, DEVICE_NAME_LIMIT));
  }
}
