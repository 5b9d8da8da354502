package latchkey.world;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import latchkey.base.crypto.Secret;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverProblem;
import org.jspecify.annotations.Nullable;

/// A homeserver that remembers accounts and devices, and that a test can stop or slow down.
@Singleton
public class FakeHomeserver implements Homeserver {
  public static final String SERVER_NAME = "example.com";

  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> devices = new ConcurrentHashMap<>();
  private final Map<String, String> displayNames = new ConcurrentHashMap<>();
  private final Map<String, String> deviceNames = new ConcurrentHashMap<>();
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
  private volatile boolean away;
  private volatile Duration delay = Duration.ZERO;

  public void goAway() {
    away = true;
  }

  public void comeBack() {
    away = false;
    delay = Duration.ZERO;
  }

  public void answerAfter(Duration delay) {
    this.delay = delay;
  }

  /// Happens once, inside the next call.
  public void meanwhile(Runnable event) {
    meanwhile.set(event);
  }

  /// What it was told about an account last.
  public Optional<Account> account(String localpart) {
    return Optional.ofNullable(accounts.get(localpart));
  }

  public Set<String> devices(String localpart) {
    return Set.copyOf(devices.getOrDefault(localpart, Set.of()));
  }

  /// What a device was called when it was announced; empty if it was not.
  public String deviceName(String localpart, String deviceId) {
    return deviceNames.getOrDefault(localpart + " " + deviceId, "");
  }

  public boolean knows(String localpart) {
    return accounts.containsKey(localpart);
  }

  public Optional<String> displayName(String localpart) {
    return Optional.ofNullable(displayNames.get(localpart));
  }

  @Override
  public String serverName() {
    return SERVER_NAME;
  }

  @Override
  public boolean verifyToken(Secret token) {
    return Secret.of(House.homeserverSecret()).equals(token);
  }

  @Override
  public boolean provisionUser(Account account) {
    answer();
    if (account.displayName() != null) {
      displayNames.put(account.localpart(), account.displayName());
    }
    return accounts.put(account.localpart(), account) == null;
  }

  @Override
  public boolean isLocalpartAvailable(String localpart) {
    answer();
    return !accounts.containsKey(localpart);
  }

  @Override
  public Profile queryUser(String localpart) {
    answer();
    return new Profile(displayName(localpart));
  }

  @Override
  public void upsertDevice(String localpart, String deviceId, @Nullable String displayName) {
    answer();
    devicesOf(localpart).add(deviceId);
    if (displayName != null) {
      deviceNames.put(localpart + " " + deviceId, displayName);
    }
  }

  @Override
  public void updateDeviceDisplayName(String localpart, String deviceId, String displayName) {
    answer();
    if (!devices(localpart).contains(deviceId)) {
      throw HomeserverProblem.of(HomeserverProblem.Kind.NOT_FOUND, "unknown device");
    }
  }

  @Override
  public void deleteDevice(String localpart, String deviceId) {
    answer();
    devicesOf(localpart).remove(deviceId);
  }

  @Override
  public void syncDevices(String localpart, Collection<String> deviceIds) {
    answer();
    devices.put(localpart, ConcurrentHashMap.newKeySet());
    devicesOf(localpart).addAll(new HashSet<>(deviceIds));
  }

  @Override
  public void setDisplayName(String localpart, String displayName) {
    answer();
    displayNames.put(localpart, displayName);
  }

  @Override
  public void unsetDisplayName(String localpart) {
    answer();
    displayNames.remove(localpart);
  }

  private Set<String> devicesOf(String localpart) {
    return devices.computeIfAbsent(localpart, _ -> ConcurrentHashMap.newKeySet());
  }

  private void answer() {
    meanwhile.getAndSet(() -> {}).run();
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (away) {
      throw HomeserverProblem.of(HomeserverProblem.Kind.UNREACHABLE, "the homeserver is away");
    }
  }
}
