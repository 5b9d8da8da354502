package latchkey.base.web.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A folder of an admin that is laid over what is built in, as it is at one moment.
final class TemplateFolder {
  private static final int DEPTH = 4;
  private static final String SUFFIX = ".html";
  private static final String TEXT = ".txt";

  /// What no template of ours has, and every one of MAS's.
  private static final String JINJA = "{%";

  private TemplateFolder() {}

  /// The file of a template: `LoginPage.html` for `LoginPage`; plain text says so in its name.
  static String file(String name) {
    return isText(name) ? name : name + SUFFIX;
  }

  static boolean isText(String name) {
    return name.endsWith(TEXT);
  }

  /// The templates in it, by name.
  static Map<String, String> read(Path folder) throws IOException {
    var templates = new TreeMap<String, String>();
    for (var file : files(folder)) {
      var name = folder.relativize(file).toString().replace('\\', '/');
      if (name.endsWith(SUFFIX)) {
        templates.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
      } else if (isText(name)) {
        templates.put(name, Files.readString(file));
      }
    }
    return templates;
  }

  /// A file of it that is a template of the service we replace, if there is one.
  static @Nullable Path jinja(Path folder) throws IOException {
    for (var file : files(folder)) {
      var name = file.toString();
      boolean text = name.endsWith(SUFFIX) || isText(name) || name.endsWith(".subject");
      if (text && Files.readString(file).contains(JINJA)) {
        return file;
      }
    }
    return null;
  }

  /// What changes when a file does.
  static String fingerprint(List<Path> folders) {
    var state = new StringBuilder();
    for (var folder : folders) {
      try {
        for (var file : files(folder)) {
          state
              .append(file)
              .append(' ')
              .append(Files.size(file))
              .append(' ')
              .append(Files.getLastModifiedTime(file))
              .append('\n');
        }
      } catch (IOException e) {
        state.append(folder).append(" cannot be read\n");
      }
    }
    return state.toString();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var walk = Files.walk(folder, DEPTH)) {
      return new ArrayList<>(walk.filter(Files::isRegularFile).sorted().toList());
    }
  }
}
