package latchkey.base.jinja;

import java.util.List;

/// A template, compiled: the same from then on, for any number of threads at once.
///
/// A rendering ends by itself, whatever the template and whatever it is rendered with: it takes a
/// bounded amount of work (well under a second), renders 65,536 characters at most, and is nested
/// so deeply at most that no thread runs out of stack.
public final class Template {
  private final String source;
  private final List<Statement> statements;

  private Template(String source, List<Statement> statements) {
    this.source = source;
    this.statements = List.copyOf(statements);
  }

  /// @param source 16,384 characters at most
  /// @throws MalformedTemplate with line and problem: a mistake of grammar, or a filter, test or
  ///   function that does not exist
  public static Template compile(String source) {
    return new Template(source, Parser.parse(source, Library.WHOLE));
  }

  /// Never throws.
  public Rendered render(Variables variables) {
    var run = new Run(variables);
    var problem = variables.problem();
    if (problem != null) {
      return new Rendered.Failed(1, problem, List.of());
    }
    try {
      var out = new Text(run.budget(), Budget.OUTPUT_CHARACTERS);
      new Interpreter(run).execute(statements, new Scope(null), out);
      // Whatever a filter has made of having no more to spend.
      run.budget().charge(0);
      return new Rendered.Text(out.toString(), run.missing());
    } catch (Failure e) {
      return new Rendered.Failed(run.line(), e.reason(), run.missing());
    } catch (RuntimeException | StackOverflowError e) {
      // Not foreseen; its words may hold a claim, its name does not.
      var words = "this template cannot be rendered (" + e.getClass().getSimpleName() + ")";
      return new Rendered.Failed(run.line(), words, run.missing());
    }
  }

  /// As it was written.
  public String source() {
    return source;
  }

  /// Two templates with the same source are the same.
  @Override
  public boolean equals(Object other) {
    return other instanceof Template template && template.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
