package latchkey.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "docs",
    description = "Tell every key a configuration may have, as docs/admin/configuration.md does.")
final class ConfigDocsCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to this file, replacing it, instead of to stdout.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    var page = ConfigurationPage.text();
    if (file != null) {
      Files.writeString(file, page);
    } else {
      spec.commandLine().getOut().print(page);
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }
}
