package latchkey.domain.upstream;

import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.jinja.MalformedTemplate;
import latchkey.base.jinja.Template;

/// Templates out of the configuration, compiled there and then: what is wrong with one is a fault
/// of its key.
final class Templates {
  static final String MUST = "has to be a template";

  private Templates() {}

  static Template read(Section section, String key, String otherwise) {
    return compiled(section, key, section.string(key, otherwise));
  }

  static Optional<Template> read(Section section, String key) {
    return Optional.of(compiled(section, key, section.string(key).orElse("")))
        .filter(_ -> section.has(key));
  }

  private static Template compiled(Section section, String key, String source) {
    var problem = problem(source);
    section.rule(key, problem.isEmpty(), MUST, problem);
    return Template.compile(problem.isEmpty() ? source : "");
  }

  /// To be added to [#MUST]; empty if it is one.
  static String problem(String source) {
    try {
      Template.compile(source);
      return "";
    } catch (MalformedTemplate e) {
      return "; in line " + e.line() + " of it " + e.problem();
    }
  }
}
