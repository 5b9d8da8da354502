package latchkey.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.endpoint.takeover.ConvertSynapseConfig;
import latchkey.endpoint.takeover.SynapseConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "generate", description = "Make a new configuration with fresh secrets and keys.")
final class ConfigGenerateCommand implements Callable<Integer> {
  private final Randomness randomness = new Randomness();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-s", "--synapse-config"},
      paramLabel = "SYNAPSE_YAML",
      description =
          "Adapt it to this homeserver.yaml of Synapse, or to the *.yaml files of this folder;"
              + " repeat it if Synapse has several.")
  private List<Path> synapse = new ArrayList<>();

  @Mixin private OutputFile output = new OutputFile();

  @Override
  public Integer call() throws IOException {
    var fresh = new NewConfiguration(randomness);
    output.write(spec, synapse.isEmpty() ? fresh.text() : adapted(fresh));
    return ExitCode.OK;
  }

  private String adapted(NewConfiguration fresh) {
    var config = SynapseConfig.read(synapse);
    var ours = new ConvertSynapseConfig(new Ids(randomness), new DatabaseClock()).handle(config);
    var err = spec.commandLine().getErr();
    config.warnings().forEach(warning -> err.println("warning: " + warning));
    ours.remarks().forEach(remark -> err.println("warning: " + remark));
    return fresh.text(ours.homeserver(), ours.endpoint(), ours.sections());
  }
}
