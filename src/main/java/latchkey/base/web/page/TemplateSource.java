package latchkey.base.web.page;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an admin lays over the built-in templates and translations.
///
/// @param templates a folder
/// @param translations a folder
/// @param live look at the folders again whenever a page is shown
public record TemplateSource(@Nullable Path templates, @Nullable Path translations, boolean live) {
  public static final TemplateSource BUILT_IN = new TemplateSource(null, null, false);

  /// The same, looked at again and again.
  public TemplateSource live(boolean now) {
    return new TemplateSource(templates, translations, now);
  }

  List<Path> folders() {
    return Stream.of(templates, translations).flatMap(Stream::ofNullable).toList();
  }
}
