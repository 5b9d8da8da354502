package latchkey.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A configuration with a fault in it, out of `src/test/resources/broken-rules`: one file a
/// section, each entry its faults (line, key path, a word of what is said) and the text.
///
/// @param opensFiles whether files are read, as a server does: `>>> open`
/// @param environment variables that go with it: `>>> env NAME=value`
record BrokenRule(
    String name,
    List<Expected> faults,
    String yaml,
    boolean opensFiles,
    Map<String, String> environment) {
  private static final Path FOLDER = Path.of("src/test/resources/broken-rules");
  private static final Pattern HEADER = Pattern.compile(">>> (\\d+) (\\S+): (.+)");
  private static final Pattern VARIABLE = Pattern.compile(">>> env (\\w+)=(.+)");

  record Expected(int line, String path, String word) {}

  static List<BrokenRule> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .flatMap(file -> new Reader(file).rules().stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Reader {
    private final Path file;
    private final List<BrokenRule> rules = new ArrayList<>();
    private final List<Expected> faults = new ArrayList<>();
    private final StringBuilder yaml = new StringBuilder();
    private final Map<String, String> environment = new HashMap<>();
    private boolean opensFiles;

    Reader(Path file) {
      this.file = file;
    }

    List<BrokenRule> rules() {
      lines(file).forEach(this::read);
      finish();
      return rules;
    }

    private void read(String line) {
      if (!line.startsWith(">")) {
        // What stands above the first entry is about the file.
        yaml.append(faults.isEmpty() ? "" : line + "\n");
        return;
      }
      if (!yaml.isEmpty()) {
        finish();
      }
      var header = HEADER.matcher(line);
      var variable = VARIABLE.matcher(line);
      if (header.matches()) {
        faults.add(
            new Expected(Integer.parseInt(header.group(1)), header.group(2), header.group(3)));
      } else if (variable.matches()) {
        environment.put(variable.group(1), variable.group(2));
      } else if (line.equals(">>> open")) {
        opensFiles = true;
      } else {
        throw new IllegalStateException(file + ": not understood: " + line);
      }
    }

    private void finish() {
      rules.add(
          new BrokenRule(
              name(file, faults),
              List.copyOf(faults),
              yaml.toString(),
              opensFiles,
              Map.copyOf(environment)));
      faults.clear();
      yaml.setLength(0);
      environment.clear();
      opensFiles = false;
    }
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
