package latchkey.domain.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import org.jspecify.annotations.Nullable;

/// The section `policy`: the data the rules look at. A module of other rules is refused, never
/// ignored.
///
/// @param folder `latchkey.policy.path`: an admin's own rules
public record PolicyConfig(Map<String, @Nullable Object> data, @Nullable Path folder) {
  private static final Set<String> DEFAULT_MODULES =
      Set.of(
          "/usr/local/share/mas-cli/policy.wasm", "./share/policy.wasm", "./policies/policy.wasm");

  private static final List<String> ENTRYPOINTS =
      List.of("client_registration", "register", "authorization_grant", "compat_login", "email");

  /// @param providers the ids of the providers of `upstream_oauth2`
  public static PolicyConfig read(Section root, Set<String> providers) {
    var policy = root.section("policy");
    policy.notYet(
        "wasm_module",
        policy.string("wasm_module").filter(path -> !DEFAULT_MODULES.contains(path)).isPresent(),
        "a policy module of your own is not supported yet, and ignoring it would lift its rules");
    for (var name : ENTRYPOINTS) {
      var usual = name + "/violation";
      policy.notYet(
          name + "_entrypoint",
          !policy.string(name + "_entrypoint", usual).equals(usual),
          "an entry point of your own is not supported yet, and ignoring it would lift its rules");
    }
    // Nobody has ever asked that one.
    policy.later("password_entrypoint");
    policy.string("password_entrypoint", "password/violation");
    var data = policy.tree("data");
    var conflict = conflict(data);
    policy.rule("data", conflict.isEmpty(), "must fit the data that is there", ": " + conflict);
    // A gate before a provider that is not there is one its author believes in.
    var strangers = strangers(data, providers);
    policy.rule(
        "data",
        strangers.isEmpty(),
        "has to speak in upstream of providers of upstream_oauth2, by their ids",
        ": " + strangers + " is none");
    return new PolicyConfig(
        data, root.section("latchkey").section("policy").value("path", Kind.PATH).orElse(null));
  }

  private static String strangers(Map<String, @Nullable Object> data, Set<String> providers) {
    return switch (data.get("upstream")) {
      case null -> "";
      case Map<?, ?> settings ->
          settings.keySet().stream()
              .map(String::valueOf)
              .filter(id -> !providers.contains(id))
              .collect(Collectors.joining(", "));
      default -> "upstream";
    };
  }

  /// What of it does not fit; empty if all does.
  private static String conflict(Map<String, @Nullable Object> data) {
    try {
      PolicyData.of("", data);
      return "";
    } catch (PolicyData.Conflict e) {
      return String.valueOf(e.getMessage());
    }
  }
}
