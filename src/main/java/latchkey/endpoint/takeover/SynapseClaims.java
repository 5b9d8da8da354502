package latchkey.endpoint.takeover;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.base.config.Section;

/// What Synapse makes of a provider's claims, as our `claims_imports`.
final class SynapseClaims {
  private static final List<String> JINJA =
      List.of(
          "synapse.handlers.oidc.JinjaOidcMappingProvider",
          "synapse.handlers.oidc_handler.JinjaOidcMappingProvider");

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private SynapseClaims() {}

  static Map<String, Object> read(Section provider) {
    var mapping = provider.section("user_mapping_provider");
    if (!JINJA.contains(mapping.string("module", JINJA.getFirst()))) {
      mapping.warn("module", "is ignored: people choose their names themselves");
      return Map.of();
    }
    var config = mapping.section("config");
    boolean confirms = config.value("confirm_localpart", SynapseFiles.YES_OR_NO, false);
    var claims = new LinkedHashMap<String, Object>();
    subject(config, claims);
    claim(config, "localpart_template", confirms ? "suggest" : "require", claims, "localpart");
    var optional = confirms ? "suggest" : "force";
    claim(config, "display_name_template", optional, claims, "displayname");
    claim(config, "email_template", optional, claims, "email");
    if (provider.value("allow_existing_users", SynapseFiles.YES_OR_NO, false)) {
      linkExisting(provider, claims, confirms);
    }
    for (var key : List.of("picture_claim", "picture_template", "extra_attributes")) {
      if (config.has(key)) {
        config.warn(key, "is ignored");
      }
    }
    return claims;
  }

  private static void subject(Section config, Map<String, Object> claims) {
    config
        .string("subject_template")
        .or(() -> config.string("subject_claim").map(claim -> template("user", claim)))
        .ifPresent(template -> claims.put("subject", Map.of("template", template)));
  }

  /// What prints one value of a map, whatever its name is.
  static String template(String map, String name) {
    var value =
        PLAIN_NAME.matcher(name).matches()
            ? map + "." + name
            : map + "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']";
    return "{{ " + value + " }}";
  }

  private static void claim(
      Section config, String key, String action, Map<String, Object> claims, String name) {
    config
        .string(key)
        .ifPresent(
            template -> {
              var claim = new LinkedHashMap<String, Object>();
              claim.put("action", action);
              claim.put("template", template);
              claims.put(name, claim);
            });
  }

  /// An account of that name becomes the newcomer's, which only a certain name may bring about.
  private static void linkExisting(Section provider, Map<String, Object> claims, boolean confirms) {
    if (!confirms && claims.get("localpart") instanceof Map<?, ?> localpart) {
      var linking = new LinkedHashMap<Object, Object>(localpart);
      linking.put("on_conflict", "add");
      claims.put("localpart", linking);
    } else {
      provider.warn(
          "allow_existing_users",
          "is ignored: it needs a localpart_template, without confirm_localpart");
    }
  }
}
