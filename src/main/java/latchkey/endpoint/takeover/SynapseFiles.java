package latchkey.endpoint.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Faults;
import latchkey.base.config.Kind;
import latchkey.base.config.Node;
import latchkey.base.config.Section;
import latchkey.base.config.YamlReader;

/// The files that make up a `homeserver.yaml`, laid over each other as Synapse does it: only keys
/// at the top count, and the last file wins. A folder stands for every `*.yaml` in it.
final class SynapseFiles {
  /// Synapse reads YAML 1.1, where `yes` is no text.
  static final Kind<Boolean> YES_OR_NO =
      new Kind<>(
          Kind.BOOLEAN.name(),
          Kind.BOOLEAN.expected(),
          Kind.BOOLEAN.examples(),
          value ->
              switch (value) {
                case Boolean flag -> Optional.of(flag);
                case String text when text.matches("(?i)yes|on") -> Optional.of(true);
                case String text when text.matches("(?i)no|off") -> Optional.of(false);
                case Object _ -> Optional.empty();
              });

  private SynapseFiles() {}

  /// @throws BadConfiguration if one cannot be read, or is no YAML
  static Section read(List<Path> files) {
    var faults = new Faults();
    var merged = new LinkedHashMap<String, Node>();
    for (var file : expanded(files, faults)) {
      merged.putAll(mapping(file, faults).entries());
    }
    if (!faults.errors().isEmpty()) {
      throw new BadConfiguration(faults.errors());
    }
    return Section.of(new Node.Mapping(merged, top(files.getLast())), faults);
  }

  private static List<Path> expanded(List<Path> files, Faults faults) {
    var all = new ArrayList<Path>();
    for (var file : files) {
      if (!Files.isDirectory(file)) {
        all.add(file);
        continue;
      }
      try (var inside = Files.list(file)) {
        inside.filter(path -> path.toString().endsWith(".yaml")).sorted().forEach(all::add);
      } catch (IOException e) {
        faults.add(top(file), "", "the folder cannot be read");
      }
    }
    return all;
  }

  private static Node.Mapping mapping(Path file, Faults faults) {
    try {
      return new YamlReader(file.toString(), faults).read(Files.readString(file));
    } catch (NoSuchFileException e) {
      faults.add(top(file), "", "there is no such file");
    } catch (IOException e) {
      faults.add(top(file), "", "the file cannot be read");
    }
    return new Node.Mapping(new LinkedHashMap<>(), top(file));
  }

  private static Node.Mark top(Path file) {
    return new Node.Mark(file.toString(), 0);
  }
}
