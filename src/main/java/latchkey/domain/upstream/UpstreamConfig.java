package latchkey.domain.upstream;

import java.util.HashSet;
import java.util.List;
import latchkey.base.config.Section;

/// The section `upstream_oauth2`: the identity providers people can sign in through
/// (`configuration.md` 12).
public record UpstreamConfig(List<ProviderConfig> providers) {
  public UpstreamConfig {
    providers = List.copyOf(providers);
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
