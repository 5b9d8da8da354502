package latchkey.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A configuration with a fault in it, out of `src/test/resources/broken-rules`: one file a
/// section, each entry its faults (line, key path, a word of what is said) and the text.
record BrokenRule(String name, List<Expected> faults, String yaml) {
  private static final Path FOLDER = Path.of("src/test/resources/broken-rules");
  private static final Pattern HEADER = Pattern.compile(">>> (\\d+) (\\S+): (.+)");

  record Expected(int line, String path, String word) {}

  static List<BrokenRule> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().flatMap(BrokenRule::in).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<BrokenRule> in(Path file) {
    var rules = new ArrayList<BrokenRule>();
    var faults = new ArrayList<Expected>();
    var yaml = new StringBuilder();
    int at = 0;
    for (var line : lines(file)) {
      at++;
      var header = HEADER.matcher(line);
      if (header.matches()) {
        if (!yaml.isEmpty()) {
          rules.add(new BrokenRule(name(file, faults), List.copyOf(faults), yaml.toString()));
          faults.clear();
          yaml.setLength(0);
        }
        faults.add(
            new Expected(Integer.parseInt(header.group(1)), header.group(2), header.group(3)));
      } else if (line.startsWith(">")) {
        throw new IllegalStateException(file + ":" + at + ": not understood: " + line);
      } else if (!faults.isEmpty()) {
        yaml.append(line).append('\n');
      }
    }
    rules.add(new BrokenRule(name(file, faults), List.copyOf(faults), yaml.toString()));
    return rules.stream();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file, List<Expected> faults) {
    return file.getFileName() + " " + faults.getFirst().path() + ": " + faults.getFirst().word();
  }

  @Override
  public String toString() {
    return name;
  }
}
