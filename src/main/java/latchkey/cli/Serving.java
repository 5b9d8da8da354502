package latchkey.cli;

import static java.util.stream.Collectors.joining;

import io.quarkus.runtime.Quarkus;
import java.io.PrintWriter;
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
    var err = spec.commandLine().getErr();
    report.warnings().forEach(warning -> err.println("warning: " + warning));
    if (!report.withoutEffect().isEmpty()) {
      var paths = report.withoutEffect().stream().map(Fault::path).collect(joining(", "));
      err.println("warning: set, but without effect in this release: " + paths);
    }
    if (!canShowPages(report.orThrow(), err)) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    Configuration.use(configuration);
    return boot(spec);
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

  private static int boot(CommandSpec spec) {
    var exit = new AtomicInteger(CommandLine.ExitCode.OK);
    // Left to the JVM, being asked to stop would end with 143 or 130, which supervisors take for a
    // failure.
    for (var signal : new String[] {"TERM", "INT"}) {
      Signal.handle(new Signal(signal), _ -> Quarkus.asyncExit(CommandLine.ExitCode.OK));
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
