package latchkey.cli;

import java.util.List;
import java.util.Map;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.Sections;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.listener.ListenersConfig;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.TemplatesConfig;
import latchkey.domain.client.ClientsConfig;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.policy.PolicyConfig;
import latchkey.domain.token.SecretsConfig;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.user.PasswordsConfig;

/// Every section of the configuration, read at once, and all that is wrong with it.
///
/// @param notSupportedYet key paths that are set and have no effect in this release
public record Settings(
    HttpConfig http,
    ListenersConfig listeners,
    DatabaseConfig database,
    SecretsConfig secrets,
    MatrixConfig matrix,
    PasswordsConfig passwords,
    ClientsConfig clients,
    PolicyConfig policy,
    TokensConfig tokens,
    BrandingConfig branding,
    TemplatesConfig templates,
    List<String> notSupportedYet,
    List<Fault> warnings,
    List<Fault> errors) {

  /// Reads without judging.
  ///
  /// @param openFiles whether the files named by `*_file` keys are read; checking a configuration
  ///   leaves them shut
  public static Settings read(
      Configuration configuration, Map<String, String> environment, boolean openFiles) {
    var root = configuration.root(openFiles);
    var http = HttpConfig.read(root);
    var listeners = ListenersConfig.read(root);
    var database = DatabaseConfig.read(root, environment);
    var secrets = SecretsConfig.read(root);
    var matrix = MatrixConfig.read(root);
    var passwords = PasswordsConfig.read(root);
    var clients = ClientsConfig.read(root);
    var policy = PolicyConfig.read(root);
    var tokens = TokensConfig.read(root);
    var branding = BrandingConfig.read(root);
    var templates = TemplatesConfig.read(root);
    var notSupportedYet = Sections.notSupportedYet(root);
    root.warnOfUnknown();
    return new Settings(
        http,
        listeners,
        database,
        secrets,
        matrix,
        passwords,
        clients,
        policy,
        tokens,
        branding,
        templates,
        notSupportedYet,
        root.faults().warnings(),
        root.faults().errors());
  }

  /// These settings, if one can serve with them.
  ///
  /// @throws BadConfiguration with every fault, if not
  public Settings orThrow() {
    if (!errors.isEmpty()) {
      throw new BadConfiguration(errors);
    }
    return this;
  }
}
