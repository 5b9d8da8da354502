package latchkey.base.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Section;
import latchkey.base.web.page.TemplateSource;

/// The section `templates`: folders whose files take the place of built-in ones.
///
/// @param path templates of pages, in our own language (Qute)
/// @param translationsPath texts of pages, a `<language>.json` each
public record TemplatesConfig(Optional<Path> path, Optional<Path> translationsPath) {
  /// Where the service we replace keeps its own. Configurations name them without meaning anything
  /// by it, and then nothing is there.
  private static final Set<String> ITS_OWN =
      Set.of(
          "/usr/local/share/mas-cli/templates",
          "./share/templates",
          "./templates",
          "/usr/local/share/mas-cli/translations",
          "./share/translations",
          "./translations");

  public TemplateSource source() {
    return new TemplateSource(path.orElse(null), translationsPath.orElse(null), false);
  }

  public static TemplatesConfig read(Section root) {
    var templates = root.section("templates");
    var config =
        new TemplatesConfig(folder(templates, "path"), folder(templates, "translations_path"));
    // Names the files of the other program's scripts and styles, of which there are none here.
    templates.ignore("assets_manifest");
    templates.warnOfUnknown();
    return config;
  }

  private static Optional<Path> folder(Section templates, String key) {
    var text = templates.string(key);
    var folder = text.map(Path::of);
    if (folder.isEmpty() || Files.isDirectory(folder.get())) {
      return folder;
    }
    if (!ITS_OWN.contains(text.get().replaceFirst("/$", ""))) {
      templates.fault(key, "there is no folder " + folder.get());
    }
    return Optional.empty();
  }
}
