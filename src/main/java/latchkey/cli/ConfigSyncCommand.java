package latchkey.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import latchkey.base.config.BadConfiguration;
import latchkey.base.crypto.Encryption;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.database.Migrations;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.client.ClientsConfig;
import latchkey.domain.lifecycle.ClientSyncRepository;
import latchkey.domain.lifecycle.ClientSyncRepository.Change;
import latchkey.domain.lifecycle.ProviderSyncRepository;
import latchkey.domain.token.SecretsConfig;
import latchkey.domain.upstream.RestingRightsRepository;
import latchkey.domain.upstream.UpstreamConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Reads no section but those it writes and what it needs for that: a fault elsewhere does not
/// matter here. The schema is brought up to date first, for a dry run too, as the service we
/// replace does.
@Command(
    name = "sync",
    description = "Bring the clients and providers of the configuration into the database.")
final class ConfigSyncCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--prune",
      description =
          "Delete what earlier configurations had and this one has not: clients with their sessions,"
              + " providers with the links of their people.")
  private boolean prune;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  ConfigSyncCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException {
    var root = latchkey.configuration(spec).root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    var secrets = SecretsConfig.read(root);
    var clients = ClientsConfig.read(root).clients();
    var providers = UpstreamConfig.read(root).providers();
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var err = spec.commandLine().getErr();
    root.faults().withoutEffect().forEach(fault -> err.println("warning: " + fault));
    var migrations = new Migrations(database);
    var newer = migrations.newerThanKnown();
    if (!newer.isEmpty()) {
      err.println("error: a newer release has been at this database: " + String.join(", ", newer));
      return ExitCode.SOFTWARE;
    }
    migrations.migrate();
    var randomness = new Randomness();
    var source = new DirectDataSource(database);
    var clock = new DatabaseClock();
    source.tellTime(clock);
    var ids = new Ids(randomness);
    var encryption = new Encryption(secrets.encryption(), randomness);
    new ClientSyncRepository(source, encryption, clock, ids)
        .sync(clients, prune, dryRun)
        .forEach(
            change -> err.println("client " + Ids.text(change.client()) + ": " + words(change)));
    var changes = new ProviderSyncRepository(source, clock, ids).sync(providers, prune, dryRun);
    for (var change : changes) {
      var provider = "provider " + Ids.text(change.provider()) + ": ";
      err.println(provider + words(change));
      consequences(change.loss()).forEach(line -> err.println(provider + line));
    }
    new TellDisabledProviders(new RestingRightsRepository(source))
        .lines(changes)
        .forEach(err::println);
    if (dryRun) {
      err.println("This was a dry run: nothing was changed.");
    }
    return ExitCode.OK;
  }

  private String words(Change change) {
    return switch (change.act()) {
      case ADDED -> dryRun ? "would be added" : "added";
      case UPDATED -> dryRun ? "would be updated" : "updated";
      case UNCHANGED -> "is as it should be";
      case LEFT -> "is not in the configuration; --prune deletes it";
      case DELETED ->
          (dryRun
                  ? "would be deleted, and with it %d live sessions"
                  : "deleted, and with it %d live sessions")
              .formatted(change.endedSessions());
    };
  }

  private String words(ProviderSyncRepository.Change change) {
    return switch (change.act()) {
      case ADDED -> dryRun ? "would be added" : "added";
      case UPDATED -> dryRun ? "would be updated" : "updated";
      case UNCHANGED -> "is as it should be";
      case DISABLED ->
          "is not in the configuration, or disabled there: the links of %d people rest, --prune deletes them"
              .formatted(change.loss().people());
      case DELETED ->
          (dryRun
                  ? "would be deleted, and with it the links of %d people"
                  : "deleted, and with it the links of %d people")
              .formatted(change.loss().people());
    };
  }

  private List<String> consequences(ProviderSyncRepository.Loss loss) {
    var lines = new ArrayList<String>();
    if (loss.admins() > 0) {
      lines.add(
          (dryRun
                  ? "%d people would be admins no more: only it gives them that right"
                  : "%d people are admins no more: only it gave them that right")
              .formatted(loss.admins()));
    }
    if (!loss.held().isEmpty()) {
      lines.add(
          "%d people are still locked because it did not know them any more; `latchkey manage unlock-user` frees them: %s"
              .formatted(loss.held().size(), String.join(", ", loss.held())));
    }
    return lines;
  }
}
