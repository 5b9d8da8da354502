package latchkey.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import latchkey.base.system.Randomness;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "generate", description = "Make a new configuration with fresh secrets and keys.")
final class ConfigGenerateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private OutputFile output = new OutputFile();

  @Override
  public Integer call() throws IOException {
    output.write(spec, new NewConfiguration(new Randomness()).text());
    return ExitCode.OK;
  }
}
