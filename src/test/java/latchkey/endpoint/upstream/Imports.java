package latchkey.endpoint.upstream;

import java.util.List;
import java.util.Optional;
import latchkey.base.jinja.Template;
import latchkey.domain.upstream.ClaimsImports;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ClaimsImports.Import;
import latchkey.domain.upstream.ClaimsImports.Localpart;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamConfig;

/// What an admin wants of the claims of the only provider there is; a test changes its mind.
record Imports(
    Action localpart, OnConflict onConflict, Action displayname, Action email, boolean skip) {
  static final Imports IGNORE =
      new Imports(Action.IGNORE, OnConflict.FAIL, Action.IGNORE, Action.IGNORE, false);
  static final Imports SUGGEST =
      new Imports(Action.SUGGEST, OnConflict.FAIL, Action.SUGGEST, Action.SUGGEST, false);
  static final Imports FORCE =
      new Imports(Action.FORCE, OnConflict.FAIL, Action.FORCE, Action.FORCE, false);
  static final Imports REQUIRE =
      new Imports(Action.REQUIRE, OnConflict.FAIL, Action.REQUIRE, Action.REQUIRE, false);

  Imports onConflict(OnConflict rule) {
    return new Imports(localpart, rule, displayname, email, skip);
  }

  Imports withoutQuestion() {
    return new Imports(localpart, onConflict, displayname, email, true);
  }

  void apply(Providers providers) {
    var now = providers.all().getFirst();
    providers.replace(new UpstreamConfig(List.of(with(now))));
  }

  private ProviderConfig with(ProviderConfig p) {
    return new ProviderConfig(
        p.id(),
        true,
        p.synapseIdpId(),
        p.issuer(),
        p.humanName(),
        p.brandName(),
        p.clientId(),
        p.credentials(),
        p.scope(),
        p.discovery(),
        p.endpoints(),
        p.pkce(),
        p.idTokenAlgorithm(),
        p.fetchUserinfo(),
        p.userinfoAlgorithm(),
        p.responseMode(),
        p.additionalParameters(),
        p.onBackchannelLogout(),
        p.registrationTokenRequired(),
        new ClaimsImports(
            Template.compile("{{ user.sub }}"),
            new Localpart(claim(localpart, "{{ user.preferred_username }}"), onConflict),
            claim(displayname, "{{ user.name }}"),
            claim(email, "{{ user.email }}"),
            Optional.of(Template.compile("{{ user.preferred_username }}")),
            skip));
  }

  private static Import claim(Action action, String template) {
    return new Import(action, Template.compile(template));
  }
}
