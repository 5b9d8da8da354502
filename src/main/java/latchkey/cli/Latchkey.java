package latchkey.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.web.page.UnusableTemplates;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `latchkey`. Exit codes: 0 success, 1 any error, 2 wrong usage.
@Command(
    name = "latchkey",
    description = "The authentication service of a Matrix homeserver.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "From a checkout also: ./latchkey test [--fast], to run the tests;",
      "./latchkey train, to make later starts fast."
    },
    version = "latchkey " + Latchkey.VERSION)
final class Latchkey implements Callable<Integer> {
  /// The same as in `pom.xml`; a test compares them.
  static final String VERSION = "0.1.0";

  private final Map<String, String> environment;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  Latchkey(Map<String, String> environment) {
    this.environment = environment;
  }

  static CommandLine commandLine(Map<String, String> environment) {
    var latchkey = new Latchkey(environment);
    var line =
        new CommandLine(latchkey)
            .addSubcommand(new ServerCommand(latchkey))
            .addSubcommand(new WorkerCommand(latchkey))
            .addSubcommand(
                new CommandLine(new Group.Config())
                    .addSubcommand(new ConfigGenerateCommand())
                    .addSubcommand(new ConfigCheckCommand(latchkey))
                    .addSubcommand(new ConfigDumpCommand(latchkey))
                    .addSubcommand(new ConfigSyncCommand(latchkey))
                    .addSubcommand(new ConfigDocsCommand()))
            .addSubcommand(
                new CommandLine(new Group.Database())
                    .addSubcommand(new DatabaseMigrateCommand(latchkey)))
            .addSubcommand(
                new CommandLine(new Group.Manage())
                    .addSubcommand(new RegisterUserCommand(latchkey))
                    .addSubcommand(new SetPasswordCommand(latchkey))
                    .addSubcommand(new LockUserCommand(latchkey))
                    .addSubcommand(new UnlockUserCommand(latchkey))
                    .addSubcommand(new KillSessionsCommand(latchkey))
                    .addSubcommand(new ListAppPasswordsCommand(latchkey))
                    .addSubcommand(new RevokeAppPasswordCommand(latchkey))
                    .addSubcommand(new ProvisionAllUsersCommand(latchkey))
                    .addSubcommand(new IssueCompatibilityTokenCommand(latchkey))
                    .addSubcommand(new AcceptLossCommand(latchkey)))
            .addSubcommand(
                new CommandLine(new Group.Jobs())
                    .addSubcommand(new JobsListCommand(latchkey))
                    .addSubcommand(new JobsRetryCommand(latchkey))
                    .addSubcommand(new JobsDropCommand(latchkey)))
            .addSubcommand(new DoctorCommand(latchkey))
            .addSubcommand(
                new CommandLine(new Group.Templates())
                    .addSubcommand(new TemplatesCheckCommand(latchkey)))
            .addSubcommand(new DemoCommand(latchkey));
    ConfigFiles.addTo(line.getCommandSpec());
    return line.setExecutionExceptionHandler(Latchkey::tell);
  }

  /// The configuration the command line names; the process is on it from then on.
  Configuration configuration(CommandSpec verb) {
    var files = Configuration.files(ConfigFiles.of(verb), environment);
    var configuration = Configuration.load(files, environment);
    Configuration.use(configuration);
    return configuration;
  }

  Map<String, String> environment() {
    return environment;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  /// An exception in a sentence. Of the database's troubles only what the driver says: those who
  /// wrap it add the URL, with what stands in it.
  static String words(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException trouble) {
        return "the database: " + trouble.getMessage();
      }
    }
    return switch (e) {
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case AccessDeniedException denied -> denied.getFile() + " may not be written";
      case Throwable other -> {
        var message = other.getMessage();
        yield message == null ? other.getClass().getSimpleName() : message;
      }
    };
  }

  /// An error in words, without a stack.
  private static int tell(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof BadConfiguration bad) {
      bad.faults().forEach(fault -> line.getErr().println("error: " + fault));
    } else if (e instanceof UnusableTemplates bad) {
      bad.faults().forEach(fault -> line.getErr().println("error: " + fault));
    } else {
      line.getErr().println("error: " + words(e));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
