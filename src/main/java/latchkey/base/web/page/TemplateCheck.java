package latchkey.base.web.page;

import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.Parameter;
import io.quarkus.qute.SectionBlock;
import io.quarkus.qute.SectionNode;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateNode;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads a template without filling it, and finds what names nothing: every expression is followed
/// through the types of the page's record.
final class TemplateCheck {
  private static final String MAIN = "$main";

  private final Engine engine;
  private final UnaryOperator<String> fileOf;
  private final Set<TemplateFault> faults = new LinkedHashSet<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final Deque<String> including = new ArrayDeque<>();

  /// @param fileOf tells an admin where a template is
  TemplateCheck(Engine engine, UnaryOperator<String> fileOf) {
    this.engine = engine;
    this.fileOf = fileOf;
  }

  /// Every fault found so far.
  Set<TemplateFault> faults() {
    return faults;
  }

  /// Every template that was read, pages and what they include.
  Set<String> used() {
    return used;
  }

  /// Follows the template of a page.
  void check(Class<? extends Record> page, String name) {
    var template = template(name, null);
    if (template != null) {
      walk(template.getNodes(), Names.of(page));
    }
  }

  private @Nullable Template template(String name, @Nullable TemplateNode includedAt) {
    try {
      used.add(name);
      var template = engine.getTemplate(name);
      if (template == null) {
        var file = includedAt == null ? name : file(includedAt);
        faults.add(
            TemplateFault.at(
                includedAt == null ? null : includedAt.getOrigin(),
                file,
                "there is no template " + name));
      }
      return template;
    } catch (TemplateException e) {
      var origin = e.getOrigin();
      faults.add(TemplateFault.of(e, fileOf.apply(origin == null ? name : origin.getTemplateId())));
      return null;
    }
  }

  private void walk(List<TemplateNode> nodes, Names names) {
    var known = names;
    for (var node : nodes) {
      if (node.isExpression()) {
        node.getExpressions().forEach(expression -> type(expression, known));
      } else if (node.isSection()) {
        section(node.asSection(), known);
      }
    }
  }

  private void section(SectionNode section, Names names) {
    switch (section.getName()) {
      case "for", "each" -> loop(section, names);
      case "let", "set" -> let(section, names);
      case "include" -> include(section, names);
      case "when", "switch" -> when(section, names);
      default -> plain(section, names);
    }
  }

  private void plain(SectionNode section, Names names) {
    for (var block : section.getBlocks()) {
      block.expressions.values().forEach(expression -> type(expression, names));
      walk(block.nodes, names);
    }
  }

  private void loop(SectionNode section, Names names) {
    for (var block : section.getBlocks()) {
      if (!block.label.equals(MAIN)) {
        walk(block.nodes, names);
        continue;
      }
      var given = block.parameters.get("alias");
      var alias = given == null || given.equals(Parameter.EMPTY) ? "it" : given;
      var element = Types.UNKNOWN;
      for (var expression : block.expressions.values()) {
        element = Types.element(type(expression, names));
      }
      walk(block.nodes, names.with(alias, element).withPrefix(alias + "_"));
    }
  }

  private void let(SectionNode section, Names names) {
    var inner = names;
    for (var block : section.getBlocks()) {
      for (var bound : block.expressions.entrySet()) {
        inner = inner.with(bound.getKey(), type(bound.getValue(), names));
      }
      walk(block.nodes, inner);
    }
  }

  private void include(SectionNode section, Names names) {
    var inner = names;
    String included = "";
    for (var block : section.getBlocks()) {
      if (block.label.equals(MAIN)) {
        included = block.parameters.getOrDefault("template", "");
        for (var given : block.expressions.entrySet()) {
          inner = inner.with(given.getKey(), type(given.getValue(), names));
        }
      }
      walk(block.nodes, names);
    }
    if (including.contains(included)) {
      faults.add(
          TemplateFault.at(section.getOrigin(), file(section), included + " includes itself"));
      return;
    }
    // A fragment of a template ($) is read where it stands.
    var template = included.contains("$") ? null : template(included, section);
    if (template != null) {
      including.addLast(included);
      walk(template.getNodes(), inner);
      including.removeLast();
    }
  }

  /// The cases of an enum are its constants, not data.
  private void when(SectionNode section, Names names) {
    Type subject = Types.UNKNOWN;
    for (var block : section.getBlocks()) {
      if (block.label.equals(MAIN)) {
        for (var expression : block.expressions.values()) {
          subject = type(expression, names);
        }
      } else {
        cases(block, subject, names);
      }
      walk(block.nodes, names);
    }
  }

  private void cases(SectionBlock block, Type subject, Names names) {
    for (var expression : block.expressions.values()) {
      var constants = Types.constants(subject);
      var name = expression.toOriginalString();
      if (constants.isEmpty()) {
        type(expression, names);
      } else if (!constants.contains(name)) {
        fault(expression, name + " is none of " + String.join(", ", constants));
      }
    }
  }

  /// What an expression amounts to; notes a fault for a part that names nothing.
  private Type type(Expression expression, Names names) {
    if (expression.isLiteral()) {
      return Types.of(expression.getLiteral());
    }
    if (expression.hasNamespace()) {
      fault(expression, "there is nothing called " + expression.getNamespace() + ":");
      return Types.UNKNOWN;
    }
    Type type = Types.UNKNOWN;
    var owner = "the page";
    for (int i = 0; i < expression.getParts().size(); i++) {
      var part = expression.getParts().get(i);
      if (part.isVirtualMethod()) {
        part.asVirtualMethod().getParameters().forEach(parameter -> type(parameter, names));
      }
      var found = i == 0 ? names.find(part.getName()) : Types.member(type, part);
      if (found.isEmpty()) {
        fault(
            expression,
            "{%s}: %s has no %s".formatted(expression.toOriginalString(), owner, part.getName()));
        return Types.UNKNOWN;
      }
      type = found.get();
      owner = part.getName();
    }
    return type;
  }

  private void fault(Expression expression, String reason) {
    var origin = expression.getOrigin();
    faults.add(TemplateFault.at(origin, fileOf.apply(origin.getTemplateId()), reason));
  }

  private String file(TemplateNode node) {
    return fileOf.apply(node.getOrigin().getTemplateId());
  }

  /// What can be named at a place.
  private record Names(Map<String, Type> types, Set<String> prefixes) {
    static Names of(Class<? extends Record> page) {
      var types = new LinkedHashMap<String, Type>();
      RecordResolver.readable(page)
          .forEach((name, method) -> types.put(name, method.getGenericReturnType()));
      return new Names(types, Set.of());
    }

    Names with(String name, Type type) {
      var more = new LinkedHashMap<>(types);
      more.put(name, type);
      return new Names(more, prefixes);
    }

    /// `scope_count`, `scope_hasNext` and their like.
    Names withPrefix(String prefix) {
      var more = new LinkedHashSet<>(prefixes);
      more.add(prefix);
      return new Names(types, more);
    }

    Optional<Type> find(String name) {
      var type = types.get(name);
      if (type == null && prefixes.stream().anyMatch(name::startsWith)) {
        return Optional.of(Types.UNKNOWN);
      }
      return Optional.ofNullable(type);
    }
  }
}
