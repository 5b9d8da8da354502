package latchkey.cli;

import static java.util.stream.Collectors.joining;

import io.quarkus.runtime.Quarkus;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.config.Configuration;
import latchkey.base.config.Faults.Fault;
import latchkey.base.config.ServeOptions;
import latchkey.base.web.page.TemplateSource;
import latchkey.base.web.page.Templates;
import latchkey.base.web.page.UnusableTemplates;
import org.jboss.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import sun.misc.Signal;

/// Boots the application, once its whole configuration was found to be good.
final class Serving {
  private static final Logger LOG = Logger.getLogger("latchkey");

  private Serving() {}

  /// Returns when the application has stopped.
  static int run(Latchkey latchkey, CommandSpec spec, ServeOptions options) {
    return run(latchkey, spec, latchkey.configuration(spec), options);
  }

  static int run(Latchkey latchkey, CommandSpec spec, Configuration read, ServeOptions options) {
    var configuration = read.serving(options);
    var report = Settings.read(configuration, true);
    var variables = OtherVariables.of(configuration.environment());
    var err = spec.commandLine().getErr();
    report.warnings().forEach(warning -> err.println("warning: " + warning));
    if (!report.withoutEffect().isEmpty()) {
      var places = report.withoutEffect().stream().map(Serving::place).collect(joining(", "));
      err.println("warning: set, but without effect in this release: " + places);
    }
    variables.warnings().forEach(warning -> err.println("warning: " + warning));
    if (!canShowPages(report.orThrow(), err)) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    Configuration.use(configuration);
    variables.logLevels().properties().forEach(System::setProperty);
    return boot(spec, options);
  }

  private static String place(Fault fault) {
    return fault.path() + (fault.mark() == null ? "" : " (" + fault.mark() + ")");
  }

  /// What an admin laid over is tried before anything is opened.
  private static boolean canShowPages(Settings settings, PrintWriter err) {
    var source = settings.templates().source();
    try {
      if (!source.equals(TemplateSource.BUILT_IN)) {
        Templates.load(source, Rooms.withPages());
      }
      return true;
    } catch (UnusableTemplates e) {
      e.faults().forEach(fault -> err.println("error: " + fault));
      return false;
    }
  }

  private static int boot(CommandSpec spec, ServeOptions options) {
    var exit = new AtomicInteger(CommandLine.ExitCode.OK);
    var asked = new AtomicBoolean();
    // Left to the JVM, being asked to stop would end with 143 or 130, which supervisors take for a
    // failure.
    for (var signal : new String[] {"TERM", "INT"}) {
      Signal.handle(new Signal(signal), _ -> stop(asked.getAndSet(true), options));
    }
    Quarkus.run(
        null,
        (code, failure) -> {
          exit.set(failure == null ? code : CommandLine.ExitCode.SOFTWARE);
          if (failure != null) {
            tell(spec, failure);
          }
        });
    return exit.get();
  }

  /// Who asks twice does not want to wait for what is running. A demo has a database to stop as
  /// well.
  private static void stop(boolean again, ServeOptions options) {
    if (again && !options.live()) {
      Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }
    Quarkus.asyncExit(CommandLine.ExitCode.OK);
  }

  /// What we throw ourselves is written for an admin and told as it is; anything else is our
  /// mistake, and its stack is needed. The framework wraps both in layers of its own.
  private static void tell(CommandSpec spec, Throwable failure) {
    Throwable ours = null;
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getName().startsWith("latchkey.")) {
        ours = cause;
      }
    }
    if (ours == null) {
      LOG.error("cannot start", failure);
    } else {
      spec.commandLine().getErr().println("error: " + Latchkey.words(ours));
    }
  }
}
