package latchkey.domain.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// `latchkey.upstream`: what an organisation wants of its providers beyond signing in.
///
/// @param resync what of an account follows the provider at every sign-in through it
/// @param revalidateEvery how often a provider is asked whether a person is still there; empty for
///   never. From half a minute to a day
/// @param byUserinfo whether those who have no refresh token are asked about by userinfo, until
///   their access token ends
/// @param onGone what becomes of somebody who is not there any more
/// @param brake whether nobody leaves while most people of a provider would at once
/// @param logout whether signing out here signs out at the provider too (OpenID Connect
///   RP-Initiated Logout 1.0)
/// @param domains which provider vouches for the people of an e-mail domain, by the domain in lower
///   case; the sign-in page asks for the address first unless it is empty
public record UpstreamRules(
    Set<Resync> resync,
    Optional<Duration> revalidateEvery,
    boolean byUserinfo,
    OnGone onGone,
    boolean brake,
    boolean logout,
    Map<String, UUID> domains) {
  /// A part of an account.
  public enum Resync {
    DISPLAYNAME,
    EMAIL,
    /// What follows from groups: the right to be an admin, and further scopes.
    GROUPS
  }

  /// What becomes of the sessions of somebody whom their provider does not know any more.
  public enum OnGone {
    /// They end, and their devices go.
    END,
    /// The account is locked until its owner signs in through the provider again: nothing they have
    /// is lost.
    HOLD
  }

  private static final long SHORTEST = 30;
  private static final long LONGEST = 86_400;

  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  private static final String MUST_NAME = "has to name a provider of upstream_oauth2 by its id";

  public UpstreamRules {
    resync = resync.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(resync));
    domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
  }

  /// @param providers which there are
  public static UpstreamRules read(Section root, UpstreamConfig providers) {
    var section = root.section("latchkey").section("upstream");
    var revalidate = section.section("revalidate");
    return new UpstreamRules(
        Set.copyOf(section.list("resync", Kind.choice(Resync.class))),
        revalidate.value("interval", Kind.seconds(SHORTEST, LONGEST)).map(Duration::ofSeconds),
        revalidate.bool("userinfo", false),
        revalidate.choice("on_gone", OnGone.END),
        revalidate.bool("brake", true),
        section.bool("logout", false),
        domains(section, providers));
  }

  private static Map<String, UUID> domains(Section section, UpstreamConfig providers) {
    var known = providers.providers().stream().map(ProviderConfig::id).collect(Collectors.toSet());
    var domains = new LinkedHashMap<String, UUID>();
    section
        .texts("domains", MUST_NAME, id -> one(id, known).isPresent() ? "" : ": " + id + " is none")
        .forEach((domain, id) -> one(id, known).ifPresent(one -> domains.put(domain, one)));
    var disabled =
        providers.providers().stream()
            .filter(provider -> !provider.enabled() && domains.containsValue(provider.id()))
            .map(Providers::nameOf)
            .toList();
    var odd = domains.keySet().stream().filter(domain -> !DOMAIN.matcher(domain).matches());
    section.rule(
        "domains",
        domains.keySet().stream().allMatch(domain -> DOMAIN.matcher(domain).matches()),
        "has to be about domains of e-mail addresses in lower case",
        odd.collect(Collectors.joining(", ", ": ", "")));
    section.advice(
        "domains",
        disabled.isEmpty(),
        "leads to providers that are enabled",
        ": " + String.join(", ", disabled) + " is not, and nobody comes in that way");
    return domains;
  }

  private static Optional<UUID> one(String id, Set<UUID> known) {
    return Ids.parse(id).filter(known::contains);
  }

  /// When somebody who is there now is asked about; null for never.
  public @Nullable Instant revalidateAfter(Instant now) {
    return revalidateEvery.map(now::plus).orElse(null);
  }

  /// The provider of whoever has this e-mail address.
  public Optional<UUID> providerOf(String address) {
    int at = address.lastIndexOf('@');
    return at < 0
        ? Optional.empty()
        : Optional.ofNullable(
            domains.get(address.substring(at + 1).strip().toLowerCase(Locale.ROOT)));
  }
}
