package latchkey.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import latchkey.base.config.BadConfiguration;
import latchkey.base.language.Translation;
import latchkey.base.web.BrandingConfig;
import latchkey.base.web.Frames;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.TemplatesConfig;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Letter;
import latchkey.base.web.page.PageSamples.Sample;
import latchkey.base.web.page.TemplateSet;
import latchkey.base.web.page.UnusableTemplates;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Reads no section but those that pages show.
@Command(
    name = "check",
    description = "Fill every template with made-up data in every language, and tell what fails.")
final class TemplatesCheckCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--out-dir",
      paramLabel = "DIR",
      description = "Write the pages here, to be looked at in a browser.")
  private Optional<Path> outDir = Optional.empty();

  @Option(
      names = "--stabilise",
      description =
          "Leave out what differs from run to run. Nothing does; the option is a promise.")
  private boolean stabilise;

  TemplatesCheckCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws IOException, UnusableTemplates {
    var root = latchkey.configuration(spec).root(false);
    var http = HttpConfig.read(root);
    var branding = BrandingConfig.read(root);
    var templates = TemplatesConfig.read(root);
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var set = TemplateSet.read(templates.source());
    var samples =
        set.samples(
            Rooms.withPages(), translation -> frame(Frames.frame(http, branding, translation)));
    var found = set.examine(samples);
    var err = spec.commandLine().getErr();
    set.remarks().forEach(remark -> err.println("warning: " + remark));
    found
        .unused()
        .forEach(file -> err.println("warning: " + file + ": no page uses this template"));
    found.faults().forEach(fault -> err.println("error: " + fault));
    if (!found.faults().isEmpty()) {
      return ExitCode.SOFTWARE;
    }
    if (outDir.isPresent()) {
      write(set, samples, outDir.get());
    }
    err.printf(
        "%d pages in %s are good.%n",
        samples.size(),
        String.join(
            ", ", set.catalogue().translations().stream().map(Translation::language).toList()));
    return ExitCode.OK;
  }

  /// Written to a folder each language has one of its own, and the assets lie beside them.
  private Frame frame(Frame configured) {
    return outDir.isEmpty() ? configured : configured.below("../");
  }

  private static void write(TemplateSet set, Iterable<Sample> samples, Path folder)
      throws IOException {
    for (var sample : samples) {
      var page = sample.page();
      var language = Files.createDirectories(folder.resolve(page.frame().language()));
      var name = page.template() + "-" + sample.name();
      Files.writeString(language.resolve(name + ".html"), set.render(page));
      if (page instanceof Letter letter) {
        Files.writeString(language.resolve(name + ".txt"), set.renderText(letter));
      }
    }
    var assets = Files.createDirectories(folder.resolve("assets"));
    for (var name : new String[] {"latchkey.css", "latchkey.svg"}) {
      try (var stream = TemplatesCheckCommand.class.getResourceAsStream("/assets/" + name)) {
        if (stream != null) {
          Files.write(assets.resolve(name), stream.readAllBytes());
        }
      }
    }
  }
}
