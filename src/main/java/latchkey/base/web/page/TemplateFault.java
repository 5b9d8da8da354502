package latchkey.base.web.page;

import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateNode.Origin;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is wrong with a template, and where.
///
/// @param file as an admin knows it
/// @param line counted from 1; 0 if it is the file as a whole
public record TemplateFault(String file, int line, String reason) {
  /// Qute begins with the place, which is told already.
  private static final Pattern PLACE =
      Pattern.compile(
          "^(?:Parser|Rendering) error(?: in template)?(?: \\[[^]]*])?(?: (?:on )?line \\d+)?: *");

  static TemplateFault at(@Nullable Origin origin, String file, String reason) {
    return new TemplateFault(file, origin == null ? 0 : origin.getLine(), reason);
  }

  static TemplateFault of(TemplateException e, String file) {
    var message = String.valueOf(e.getMessage());
    var reason = PLACE.matcher(message).replaceFirst("").lines().findFirst();
    return at(e.getOrigin(), file, reason.orElse(message));
  }

  @Override
  public String toString() {
    return line == 0 ? file + ": " + reason : file + ":" + line + ": " + reason;
  }
}
