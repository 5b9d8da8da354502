package latchkey.base.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.web.page.TemplateSource;

/// The section `templates`: folders whose files take the place of built-in ones.
///
/// @param path templates of pages, in our own language (Qute)
/// @param translationsPath texts of pages, a `<language>.json` each
public record TemplatesConfig(Optional<Path> path, Optional<Path> translationsPath) {
  /// Where the service we replace keeps its own. Configurations name them without meaning anything
  /// by it, and then nothing is there.
  private static final Set<Path> ITS_OWN =
      Set.of(
          Path.of("/usr/local/share/mas-cli/templates"),
          Path.of("./share/templates"),
          Path.of("./templates"),
          Path.of("/usr/local/share/mas-cli/manifest.json"),
          Path.of("./share/manifest.json"),
          Path.of("./frontend/dist/manifest.json"),
          Path.of("/usr/local/share/mas-cli/translations"),
          Path.of("./share/translations"),
          Path.of("./translations"));

  public TemplateSource source() {
    return new TemplateSource(path.orElse(null), translationsPath.orElse(null), false);
  }

  public static TemplatesConfig read(Section root) {
    var templates = root.section("templates");
    // Names the files of the other program's scripts and styles, of which there are none here.
    var manifest = templates.value("assets_manifest", Kind.PATH);
    templates.laterIf("assets_manifest", manifest.isPresent() && !ITS_OWN.contains(manifest.get()));
    return new TemplatesConfig(folder(templates, "path"), folder(templates, "translations_path"));
  }

  private static Optional<Path> folder(Section templates, String key) {
    var folder = templates.value(key, Kind.PATH);
    boolean isThere = folder.isPresent() && Files.isDirectory(folder.get());
    templates.rule(
        key,
        isThere || folder.isEmpty() || ITS_OWN.contains(folder.get()),
        "a folder that is there is expected");
    return isThere ? folder : Optional.empty();
  }
}
