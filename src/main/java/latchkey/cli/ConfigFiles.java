package latchkey.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `-c FILE`, wherever it stands. Every word of the command line gets its own, because an option
/// that is merely inherited forgets the files named before the verb as soon as one is named after
/// it.
final class ConfigFiles {
  private static final String NAME = "configFiles";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A configuration file; repeat it to merge several. Default: config.yaml.")
  private List<Path> files = new ArrayList<>();

  static void addTo(CommandSpec spec) {
    spec.addMixin(NAME, CommandSpec.forAnnotatedObject(new ConfigFiles()));
    spec.subcommands().values().forEach(subcommand -> addTo(subcommand.getCommandSpec()));
  }

  /// The files of a verb and of the words before it, from left to right.
  static List<Path> of(CommandSpec verb) {
    var all = new ArrayList<Path>();
    for (var spec = verb; spec != null; spec = spec.parent()) {
      var mixin = spec.mixins().get(NAME);
      if (mixin != null && mixin.userObject() instanceof ConfigFiles here) {
        all.addAll(0, here.files);
      }
    }
    return all;
  }
}
