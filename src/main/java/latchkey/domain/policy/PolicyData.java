package latchkey.domain.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The data rules look at, in layers: what the server knows, and on top `policy.data`.
public final class PolicyData {
  /// Two layers disagree about what a thing is.
  public static final class Conflict extends Exception {
    Conflict(String path) {
      super(path + " is of another kind in the layer below");
    }
  }

  private PolicyData() {}

  /// @param serverName the homeserver's name
  public static Map<String, Object> of(String serverName, Map<String, @Nullable Object> configured)
      throws Conflict {
    return of(serverName, null, configured);
  }

  /// @param sessionLimit `experimental.session_limit`; null for none
  public static Map<String, Object> of(
      String serverName,
      @Nullable Map<String, Object> sessionLimit,
      Map<String, @Nullable Object> configured)
      throws Conflict {
    var base = new LinkedHashMap<String, @Nullable Object>();
    base.put("server_name", serverName);
    base.put("session_limit", sessionLimit);
    return withoutNulls(merge(base, configured, ""));
  }

  private static Map<String, @Nullable Object> merge(
      Map<String, @Nullable Object> left, Map<?, ?> right, String path) throws Conflict {
    var merged = new LinkedHashMap<String, @Nullable Object>(left);
    for (var entry : right.entrySet()) {
      var key = String.valueOf(entry.getKey());
      merged.put(
          key, merge(left.get(key), entry.getValue(), path.isEmpty() ? key : path + "." + key));
    }
    return merged;
  }

  private static @Nullable Object merge(@Nullable Object left, @Nullable Object right, String path)
      throws Conflict {
    if (left == null || right == null) {
      return right;
    }
    if (left instanceof Map<?, ?> below && right instanceof Map<?, ?> above) {
      var copy = new LinkedHashMap<String, @Nullable Object>();
      below.forEach((key, value) -> copy.put(String.valueOf(key), value));
      return merge(copy, above, path);
    }
    if (left instanceof List<?> below && right instanceof List<?> above) {
      var all = new ArrayList<@Nullable Object>(below);
      all.addAll(above);
      return all;
    }
    boolean sameKind =
        (left instanceof Number && right instanceof Number)
            || (left instanceof Boolean && right instanceof Boolean)
            || (left instanceof String && right instanceof String);
    if (!sameKind) {
      throw new Conflict(path);
    }
    return right;
  }

  /// To a rule, what is null is absent: it asks with `has(…)`.
  private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> map) {
    var clean = new LinkedHashMap<String, Object>();
    map.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            inner.forEach((name, part) -> copy.put(String.valueOf(name), part));
            clean.put(key, withoutNulls(copy));
          } else if (value != null) {
            clean.put(key, value);
          }
        });
    return clean;
  }
}
