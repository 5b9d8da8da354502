package latchkey.base.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The merged configuration: the environment (`MAS_A_B` sets `a.b`) below, then each file on top.
public final class Configuration {
  /// System property that names the files, separated by `:`. The command line sets it, and so do
  /// tests, because Quarkus reads its own settings out of ours before anything could be injected.
  public static final String FILES = "latchkey.config";

  private static final AtomicReference<@Nullable Configuration> CURRENT = new AtomicReference<>();

  private final Node.Mapping root;
  private final Faults faults;
  private final Map<String, String> environment;
  private final ServeOptions serving;
  private final List<Path> files;

  /// Where those files were that were there.
  private final Map<Path, Path> places;

  private Configuration(
      Node.Mapping root,
      Faults faults,
      Map<String, String> environment,
      ServeOptions serving,
      List<Path> files,
      Map<Path, Path> places) {
    this.root = root;
    this.faults = faults;
    this.environment = Map.copyOf(environment);
    this.serving = serving;
    this.files = List.copyOf(files);
    this.places = Map.copyOf(places);
  }

  /// The configuration of this process, read when first asked for.
  public static Configuration current() {
    var known = CURRENT.get();
    if (known != null) {
      return known;
    }
    var environment = DotEnv.over(System.getenv());
    var loaded = load(files(List.of(), environment), environment);
    var first = CURRENT.compareAndExchange(null, loaded);
    return first == null ? loaded : first;
  }

  /// Puts this process on another configuration, before anything has asked for one.
  public static void use(Configuration configuration) {
    CURRENT.set(configuration);
  }

  /// The files to read: those of the command line, else of the system property, else of
  /// `LATCHKEY_CONFIG` or `MAS_CONFIG`, else `config.yaml`.
  public static List<Path> files(List<Path> commandLine, Map<String, String> environment) {
    if (!commandLine.isEmpty()) {
      return commandLine;
    }
    for (var list :
        new @Nullable String[] {
          System.getProperty(FILES),
          environment.get("LATCHKEY_CONFIG"),
          environment.get("MAS_CONFIG")
        }) {
      if (list != null && !list.isEmpty()) {
        var files = new ArrayList<Path>();
        for (var name : list.split(":", -1)) {
          if (!name.isEmpty()) {
            files.add(Path.of(name));
          }
        }
        return files;
      }
    }
    return List.of(Path.of("config.yaml"));
  }

  /// Reads and merges. A file that is not there counts as empty; a relative one is looked for in
  /// the working directory and its parents.
  public static Configuration load(List<Path> files, Map<String, String> environment) {
    return load(files, environment, Map.of());
  }

  private static Configuration load(
      List<Path> files, Map<String, String> environment, Map<Path, Path> before) {
    var faults = new Faults();
    var places = new HashMap<Path, Path>();
    Node merged = EnvironmentLayer.of(environment);
    for (var file : files) {
      var place = before.getOrDefault(file, locate(file));
      var content = read(place, before.containsKey(file), faults);
      merged = Node.merge(merged, content);
      if (!content.entries().isEmpty()) {
        places.put(file, place);
      }
    }
    return new Configuration(
        (Node.Mapping) merged, faults, environment, ServeOptions.SERVER, files, places);
  }

  /// The same files, as they are now; this process stays on what it has. One that said something
  /// and is not there any more, or empty, is a fault: nobody takes everything back by a file that
  /// went astray or was cut off.
  public Configuration again() {
    return load(files, environment, places);
  }

  /// The same configuration, for a process that was asked to serve in a certain way.
  public Configuration serving(ServeOptions options) {
    return new Configuration(root, faults, environment, options, files, places);
  }

  /// The same without one of its sections.
  public Configuration without(String section) {
    var rest = new LinkedHashMap<>(root.entries());
    rest.remove(section);
    return new Configuration(
        new Node.Mapping(rest, root.mark()), faults, environment, serving, files, places);
  }

  public ServeOptions serving() {
    return serving;
  }

  /// The variables it was loaded with; some sections fall back to those of libpq.
  public Map<String, String> environment() {
    return environment;
  }

  /// The whole tree, for one reading of it. Faults of the files themselves are in it already.
  ///
  /// @param openFiles whether files named by `*_file` keys are read, or only their names
  public Section root(boolean openFiles) {
    return new Section("", root, new Reading(faults.copy(), openFiles, _ -> {}), false);
  }

  /// The tree as plain maps and lists, for `config dump`.
  public Map<?, ?> plain() {
    return (Map<?, ?>) Objects.requireNonNull(Node.plain(root));
  }

  /// @param needed whether it said something before
  private static Node.Mapping read(Path file, boolean needed, Faults faults) {
    var mark = new Node.Mark(file.toString(), 0);
    try {
      var content = new YamlReader(file.toString(), faults).read(Files.readString(file));
      if (needed && content.entries().isEmpty()) {
        faults.add(mark, "", "the file is empty now");
      }
      return content;
    } catch (NoSuchFileException e) {
      if (needed) {
        faults.add(mark, "", "the file is not there any more");
      } else {
        faults.warn(mark, "", "the file is not there and counts as empty");
      }
    } catch (IOException e) {
      faults.add(mark, "", "the file cannot be read");
    }
    return new Node.Mapping(new LinkedHashMap<>(), mark);
  }

  private static Path locate(Path file) {
    if (file.isAbsolute()) {
      return file;
    }
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(file))) {
        return folder.resolve(file);
      }
    }
    return file;
  }
}
