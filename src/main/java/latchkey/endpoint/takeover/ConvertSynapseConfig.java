package latchkey.endpoint.takeover;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.crypto.PasswordScheme;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.endpoint.takeover.SynapseConfig.Passwords;
import latchkey.endpoint.takeover.SynapseConfig.Recaptcha;

/// Says in our configuration what a `homeserver.yaml` says.
public final class ConvertSynapseConfig {
  /// @param homeserver the server name
  /// @param endpoint where the homeserver is reached
  /// @param sections of our configuration, as plain trees
  /// @param remarks what the admin should know
  public record Converted(
      String homeserver,
      String endpoint,
      Map<String, Map<String, Object>> sections,
      List<String> remarks) {
    /// Some of it is secret.
    @Override
    public String toString() {
      return "Converted[" + homeserver + "]";
    }
  }

  private static final String NO_ENDPOINT = "http://localhost:8008/";

  private final Ids ids;
  private final Clock clock;

  public ConvertSynapseConfig(Ids ids, Clock clock) {
    this.ids = ids;
    this.clock = clock;
  }

  public Converted handle(SynapseConfig synapse) {
    var remarks = new ArrayList<String>();
    var sections = new LinkedHashMap<String, Map<String, Object>>();
    sections.put("passwords", passwords(synapse.passwords(), remarks));
    sections.put("account", account(synapse, remarks));
    synapse.captcha().ifPresent(captcha -> sections.put("captcha", captcha(captcha, remarks)));
    synapse.mail().ifPresent(mail -> sections.put("email", mail.settings()));
    if (!synapse.providers().isEmpty()) {
      sections.put("upstream_oauth2", Map.of("providers", providers(synapse.providers())));
    }
    sections.values().removeIf(Map::isEmpty);
    var endpoint = synapse.publicBaseurl().map(Object::toString).orElse(NO_ENDPOINT);
    return new Converted(
        synapse.serverName(),
        endpoint.endsWith("/") ? endpoint : endpoint + "/",
        sections,
        remarks);
  }

  private static Map<String, Object> passwords(Passwords passwords, List<String> remarks) {
    if (!passwords.enabled()) {
      return Map.of("enabled", false);
    }
    var bcrypt = new LinkedHashMap<String, Object>();
    bcrypt.put("version", 1);
    bcrypt.put("algorithm", "bcrypt");
    bcrypt.put("cost", Math.min(passwords.bcryptRounds(), PasswordScheme.MAX_BCRYPT_COST));
    passwords.pepper().map(Secret::reveal).ifPresent(pepper -> bcrypt.put("secret", pepper));
    bcrypt.put("unicode_normalization", true);
    if (passwords.bcryptRounds() > PasswordScheme.MAX_BCRYPT_COST) {
      remarks.add(
          "bcrypt_rounds: passwords that cost more than "
              + PasswordScheme.MAX_BCRYPT_COST
              + " cannot be checked here; these people need a new one");
    }
    var ours = new LinkedHashMap<String, Object>();
    ours.put("enabled", true);
    ours.put("minimum_complexity", 3);
    ours.put("schemes", List.of(bcrypt, argon2id()));
    return ours;
  }

  private static Map<String, Object> argon2id() {
    var scheme = new LinkedHashMap<String, Object>();
    scheme.put("version", 2);
    scheme.put("algorithm", "argon2id");
    return scheme;
  }

  private static Map<String, Object> account(SynapseConfig synapse, List<String> remarks) {
    var ours = new LinkedHashMap<String, Object>();
    synapse.addressesChangeable().ifPresent(allowed -> ours.put("email_change_allowed", allowed));
    synapse
        .displaynameChangeable()
        .ifPresent(allowed -> ours.put("displayname_change_allowed", allowed));
    var registration = synapse.registration();
    if (!registration.enabled() || !synapse.passwords().enabled()) {
      return ours;
    }
    // What keeps strangers and robots out is not there yet, and an open door is no stand-in.
    if (registration.needsToken()) {
      remarks.add("registration_requires_token: not supported yet; registration is left off");
    }
    boolean open = !registration.needsToken() && synapse.captcha().isEmpty();
    ours.put("password_registration_enabled", open);
    ours.put("password_registration_email_required", registration.needsEmail());
    return ours;
  }

  private static Map<String, Object> captcha(Recaptcha captcha, List<String> remarks) {
    remarks.add(
        "enable_registration_captcha: not supported yet; registration is left off, and the keys are"
            + " kept without captcha.service (recaptcha_v2)");
    var ours = new LinkedHashMap<String, Object>();
    captcha.siteKey().ifPresent(key -> ours.put("site_key", key));
    captcha.secretKey().map(Secret::reveal).ifPresent(key -> ours.put("secret_key", key));
    return ours;
  }

  private List<Map<String, Object>> providers(List<SynapseProvider> providers) {
    var ours = new ArrayList<Map<String, Object>>();
    for (var provider : providers) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("id", Ids.text(ids.next(clock.instant())));
      entry.putAll(provider.settings());
      ours.add(entry);
    }
    return ours;
  }
}
