package latchkey.base.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{ user.name § 1 § the end of this block",
        "{{ 'a § 1 § this string has no end",
        "{{ \"\\x4\" }} § 1 § bad escape",
        "{{ a ? b }} § 1 § `?` is not expected",
        "{{ 1 + }} § 1 § an expression",
        "{{ (1 }} § 1 § `,`",
        "{{ {1} }} § 1 § `:`",
        "{{ a. }} § 1 § a name or a number",
        "{{ a[] }} § 1 § an expression",
        "{{ f(a=1, 2) }} § 1 § an argument without name",
        "{{ 1_ }} § 1 § does not end in `_`",
        "{{ 999999999999999999999999999999999999999999 }} § 1 § too large",
        "{# x § 1 § this comment has no end",
        "{% raw %} x § 1 § this raw block has no end",
        "{% if a %} x § 1 § `if` is not ended",
        "{% for a of b %}{% endfor %} § 1 § `in`",
        "{% endif %} § 1 § there is no block `endif`",
        "{% break %} § 1 § there is no block `break`",
        "{% set true = 1 %} § 1 § `true` cannot be assigned to",
        "{% set loop = 1 %} § 1 § `loop` cannot be assigned to",
        "{% macro m(a=1, b) %}{% endmacro %} § 1 § `=`",
        "{% do user.name %} § 1 § a call is expected",
        "{{ user.name | uper }} § 1 § there is no filter `uper`",
        "{{ user.name is odder }} § 1 § there is no test `odder`",
        "{{ lenght(user.name) }} § 1 § there is no function `lenght`",
        "{% if false %}{{ x | uper }}{% endif %} § 1 § there is no filter `uper`"
      })
  void a_mistake_is_told_when_the_template_is_compiled(String source, int line, String problem) {
    assertMalformed(source, line, problem);
  }

  @Test
  void the_line_of_a_mistake_is_counted_within_the_template() {
    assertMalformed("{% set a = 1 %}\n\n{{ a\n  | uper }}\n", 4, "there is no filter `uper`");
    assertMalformed("{# a\n b #}\n{% if a %}\nx", 4, "`if` is not ended");
  }

  private static void assertMalformed(String source, int line, String problem) {
    assertThatThrownBy(() -> Template.compile(source))
        .isInstanceOfSatisfying(
            MalformedTemplate.class,
            e -> {
              assertThat(e.problem()).contains(problem);
              assertThat(e.line()).isEqualTo(line);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% autoescape true %}{% endautoescape %}"
      })
  void no_template_reaches_another(String source) {
    assertMalformed(source, 1, "is not available in templates for claims");
  }

  @Test
  void what_was_looked_up_in_vain_is_told_as_it_is_written() {
    var user = Map.of("user", Map.of("name", "x", "list", List.of(1)));

    var rendered =
        render(
            "{{ user.email }}{{ user['phone'] }}{{ user.list[3] }}{{ other }}{{ user.name }}",
            user);
    var failed = render("{{ user.address.country }}", user);

    assertThat(rendered.missing())
        .containsExactly("user.email", "user.phone", "user.list[3]", "other");
    assertThat(failed)
        .isEqualTo(
            new Rendered.Failed(
                1, "undefined value: there is no user.address", List.of("user.address")));
  }

  @Test
  void a_failure_names_its_line_and_no_value() {
    var secret = Map.of("user", Map.of("name", "Mallory", "age", 41));

    for (var template :
        List.of(
            "\n\n{{ user.name + user.age }}",
            "\n\n{{ user.name | from_json }}",
            "\n\n{{ user.name | int }}",
            "\n\n{{ user.name | b64decode | tlvdecode }}",
            "\n\n{{ user.name.nope() }}",
            "\n\n{{ user.age | split }}",
            "\n\n{{ user.age ** user.age ** user.age }}",
            "\n\n{{ '%d' | format(user.name) }}")) {
      assertThat(render(template, secret))
          .as(template)
          .isInstanceOfSatisfying(
              Rendered.Failed.class,
              failed -> {
                assertThat(failed.line()).isEqualTo(3);
                assertThat(failed.reason()).doesNotContain("Mallory", "41").isNotBlank();
              });
    }
  }

  /// Where MiniJinja panics, hangs or asks more of whoever writes templates.
  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{ [][::-1] }} § []",
        "{{ 'abc'.count('') is defined }} § -",
        "{{ 1 is divisibleby(0) }} § -",
        "{{ [cycler([1])] }} § -",
        "{{ '\ud83d\ude00' | length }} § 1"
      })
  void an_edge_is_no_cliff(String template, String expected) {
    var rendered = render(template, Map.of());

    if (expected.equals("-")) {
      assertThat(rendered).isInstanceOf(Rendered.Failed.class);
    } else {
      assertThat(rendered).isEqualTo(new Rendered.Text(expected, List.of()));
    }
  }

  @Test
  void only_plain_values_come_in() {
    assertThatThrownBy(() -> Variables.of(Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Variables.of(Map.of("x", List.of(Thread.currentThread()))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Variables.of(Map.of("x", Map.of(1, 2))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ user.class }}",
        "{{ user.getClass }}",
        "{{ user.name.class }}",
        "{{ user.name.bytes }}",
        "{{ user['class'] }}",
        "{{ range.class }}",
        "{{ __class__ }}",
        "{{ user.__class__ }}"
      })
  void nothing_of_java_can_be_seen(String template) {
    assertThat(render(template, Map.of("user", Map.of("name", "x"))))
        .isInstanceOfSatisfying(Rendered.Text.class, text -> assertThat(text.text()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ user.getClass() }}",
        "{{ user.name.getClass() }}",
        "{{ user.name.getBytes() }}",
        "{{ user.entrySet() }}",
        "{{ ''.class.forName('java.lang.Runtime') }}"
      })
  void nothing_of_java_can_be_called(String template) {
    assertThat(render(template, Map.of("user", Map.of("name", "x"))))
        .isInstanceOf(Rendered.Failed.class);
  }

  /// Nothing that reaches files, classes, processes or the network, and nothing of Latchkey.
  @Test
  void the_language_stands_alone() {
    var language =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("latchkey.base.jinja");

    assertThat(language).hasSizeGreaterThan(40);

    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "latchkey.base.jinja",
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.io",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "com.fasterxml.jackson.core..",
            "org.jspecify.annotations")
        .because("templates are rendered with what strangers send")
        .check(language);
    ArchRuleDefinition.noClasses()
        .should()
        .callMethod(Class.class, "forName", String.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .because("nothing is loaded or opened by name")
        .check(language);
  }

  private static Rendered render(String template, Map<String, ?> variables) {
    return Template.compile(template).render(Variables.of(variables));
  }
}
