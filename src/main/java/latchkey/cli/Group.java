package latchkey.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A word of the command line that only gathers others: alone it is wrong usage.
sealed interface Group extends Runnable {
  CommandSpec spec();

  @Override
  default void run() {
    throw new ParameterException(spec().commandLine(), "Which one? A command is missing.");
  }

  @Command(
      name = "config",
      description = "Make, check, show or apply a configuration.",
      synopsisSubcommandLabel = "COMMAND")
  final class Config implements Group {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public CommandSpec spec() {
      return spec;
    }
  }

  @Command(
      name = "database",
      description = "Look after the database.",
      synopsisSubcommandLabel = "COMMAND")
  final class Database implements Group {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public CommandSpec spec() {
      return spec;
    }
  }

  @Command(
      name = "templates",
      description = "Look after the pages.",
      synopsisSubcommandLabel = "COMMAND")
  final class Templates implements Group {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public CommandSpec spec() {
      return spec;
    }
  }

  @Command(
      name = "manage",
      description = "Look after the accounts.",
      synopsisSubcommandLabel = "COMMAND")
  final class Manage implements Group {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public CommandSpec spec() {
      return spec;
    }
  }

  @Command(
      name = "jobs",
      description = "Look after what waits to be told to others.",
      synopsisSubcommandLabel = "COMMAND")
  final class Jobs implements Group {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public CommandSpec spec() {
      return spec;
    }
  }
}
