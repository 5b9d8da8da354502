package latchkey.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import latchkey.base.config.YamlWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "dump",
    description = "Show what all files and variables amount to, with secrets in clear text.")
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
    var configuration = latchkey.configuration(spec);
    Settings.read(configuration, false).orThrow();
    output.write(spec, YamlWriter.write(configuration.plain()));
    return ExitCode.OK;
  }
}
