package latchkey.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import latchkey.base.config.Configuration;
import latchkey.base.config.YamlWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "dump",
    description =
        "Show what all files and variables amount to, with secrets in clear text and without"
            + " sections that say nothing but the default.")
final class ConfigDumpCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private OutputFile output = new OutputFile();

  ConfigDumpCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws IOException {
    output.write(spec, YamlWriter.write(effective(latchkey.configuration(spec))));
    return ExitCode.OK;
  }

  /// The tree without the sections whose absence would change nothing.
  private static Map<Object, Object> effective(Configuration configuration) {
    var settings = Settings.read(configuration, false).orThrow();
    var tree = new LinkedHashMap<Object, Object>(configuration.plain());
    tree.keySet()
        .removeIf(
            section -> {
              var without = Settings.read(configuration.without(section.toString()), false);
              return without.errors().isEmpty() && without.settings().saysTheSameAs(settings);
            });
    return tree;
  }
}
