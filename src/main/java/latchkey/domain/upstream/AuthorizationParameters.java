package latchkey.domain.upstream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Section;
import latchkey.base.jinja.Rendered;
import latchkey.base.jinja.Template;
import latchkey.base.jinja.Variables;

/// What is sent to a provider beyond the parameters of OpenID Connect (`configuration.md` 12.3).
///
/// @param templates by the name of the parameter, in the order of the configuration
public record AuthorizationParameters(Map<String, Template> templates) {
  private static final String LOGIN_HINT = "login_hint";
  private static final String FORWARDED = "{{ params.login_hint }}";

  /// @param values by name, none of them empty
  /// @param warnings about those that could not be rendered, and are not sent; for the log
  public record Sent(Map<String, String> values, List<String> warnings) {
    public Sent {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      warnings = List.copyOf(warnings);
    }
  }

  public AuthorizationParameters {
    templates = Collections.unmodifiableMap(new LinkedHashMap<>(templates));
  }

  static AuthorizationParameters read(Section provider) {
    var templates = new LinkedHashMap<String, Template>();
    var key = "additional_authorization_parameters";
    provider
        .texts(key, Templates.MUST, Templates::problem)
        .forEach((name, source) -> templates.put(name, compiled(source)));
    if (provider.bool("forward_login_hint", false)) {
      templates.putIfAbsent(LOGIN_HINT, Template.compile(FORWARDED));
    }
    return new AuthorizationParameters(templates);
  }

  /// What is none was told by then.
  private static Template compiled(String source) {
    return Template.compile(Templates.problem(source).isEmpty() ? source : "");
  }

  /// @param params what the client put into its own authorization request, if one is pending
  /// @param loggedOut whether somebody signed out in this browser a moment ago
  public Sent render(Map<String, String> params, boolean loggedOut) {
    var variables = Variables.of(Map.of("params", params, "logged_out", loggedOut));
    var values = new LinkedHashMap<String, String>();
    var warnings = new ArrayList<String>();
    templates.forEach(
        (name, template) -> {
          switch (template.render(variables)) {
            case Rendered.Text(var text, _) when text.isBlank() -> {}
            case Rendered.Text(var text, _) -> values.put(name, text.strip());
            case Rendered.Failed(var line, var reason, _) ->
                warnings.add("%s: line %d of the template: %s".formatted(name, line, reason));
          }
        });
    return new Sent(values, warnings);
  }
}
