package latchkey.world;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Set<String> deactivated = ConcurrentHashMap.newKeySet();
  private final Set<String> erased = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> crossSigningResets = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile HomeserverProblem.@Nullable Kind away;
  private volatile Duration delay = Duration.ZERO;

  public void goAway() {
    goAway(HomeserverProblem.Kind.UNREACHABLE);
  }

  /// From now on every call fails so.
  public void goAway(HomeserverProblem.Kind trouble) {
    away = trouble;
  }

  public void comeBack() {
    away = null;
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

  public boolean isDeactivated(String localpart) {
    return deactivated.contains(localpart);
  }

  public boolean isErased(String localpart) {
    return erased.contains(localpart);
  }

  /// How often a reset was allowed.
  public int crossSigningResets(String localpart) {
    return crossSigningResets.getOrDefault(localpart, 0);
  }

  /// How often it was asked something, in vain or not.
  public int calls() {
    return calls.get();
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

  @Override
  public void deleteUser(String localpart, boolean erase) {
    answer();
    deactivated.add(localpart);
    devices.remove(localpart);
    if (erase) {
      erased.add(localpart);
    }
  }

  @Override
  public void reactivateUser(String localpart) {
    answer();
    deactivated.remove(localpart);
    erased.remove(localpart);
  }

  @Override
  public void allowCrossSigningReset(String localpart) {
    answer();
    crossSigningResets.merge(localpart, 1, Integer::sum);
  }

  @Override
  public void ping() {
    requireThere();
  }

  private Set<String> devicesOf(String localpart) {
    return devices.computeIfAbsent(localpart, _ -> ConcurrentHashMap.newKeySet());
  }

  private void answer() {
    calls.incrementAndGet();
    meanwhile.getAndSet(() -> {}).run();
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requireThere();
  }

  private void requireThere() {
    var trouble = away;
    if (trouble != null) {
      throw HomeserverProblem.of(trouble, "the homeserver is away");
    }
  }
}
