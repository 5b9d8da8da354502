package latchkey.domain.upstream;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import latchkey.base.config.Section;
import latchkey.base.system.Ids;

/// The section `upstream_oauth2`: the identity providers people can sign in through
/// (`configuration.md` 12).
public record UpstreamConfig(List<ProviderConfig> providers) {
  public UpstreamConfig {
    providers = List.copyOf(providers);
  }

  /// The ids of the providers, as the configuration spells them.
  public Set<String> ids() {
    return providers.stream()
        .map(provider -> Ids.text(provider.id()))
        .collect(Collectors.toUnmodifiableSet());
  }

  public static UpstreamConfig read(Section root) {
    var upstream = root.section("upstream_oauth2");
    var sections = upstream.sections("providers");
    upstream.rule(
        "providers",
        !root.has("upstream_oauth2") || upstream.has("providers"),
        "is missing; a list of providers is expected");
    var providers = sections.stream().map(ProviderConfig::read).toList();
    var ids = new HashSet<Object>();
    for (int i = 0; i < providers.size(); i++) {
      var section = sections.get(i);
      section.rule(
          "id", !section.has("id") || ids.add(providers.get(i).id()), "an id is used once");
    }
    return new UpstreamConfig(providers);
  }
}
