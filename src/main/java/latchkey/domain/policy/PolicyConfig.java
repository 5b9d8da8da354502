package latchkey.domain.policy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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

  public static PolicyConfig read(Section root) {
    var policy = root.section("policy");
    policy
        .string("wasm_module")
        .filter(module -> !DEFAULT_MODULES.contains(module))
        .ifPresent(
            _ ->
                policy.fault(
                    "wasm_module",
                    "a policy module of your own is not supported yet, and ignoring it would lift"
                        + " its rules"));
    for (var entrypoint :
        Set.of(
            "client_registration",
            "register",
            "authorization_grant",
            "compat_login",
            "email",
            "password")) {
      policy.ignore(entrypoint + "_entrypoint");
    }
    var own = root.section("latchkey").section("policy");
    var config =
        new PolicyConfig(policy.tree("data"), own.string("path").map(Path::of).orElse(null));
    own.warnOfUnknown();
    policy.warnOfUnknown();
    return config;
  }
}
