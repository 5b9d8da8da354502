package latchkey.base.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No template and no claim keeps a rendering from ending, soon, small and upright.
class TemplateBoundsTest {
  /// Much more than any takes here; enough for a machine that is busy.
  private static final Duration SOON = Duration.ofSeconds(20);

  /// Half of what threads have.
  private static final long SMALL_STACK = 512 * 1024;

  private static final Map<String, Object> HOSTILE =
      Map.of(
          "long", "a".repeat(500_000),
          "words", "a ".repeat(50_000),
          "many", Collections.nCopies(60_000, "ab"),
          "tiny", Double.MIN_VALUE,
          "tinies", tinies(),
          "mixed", mixed(),
          "deep", nested(90));

  private static List<Object> tinies() {
    var numbers = new ArrayList<Object>();
    for (int i = 0; i < 10_000; i++) {
      numbers.add(i % 2 == 0 ? Double.MIN_VALUE * (i * 7919 % 10_007) : 1L << 60 | i);
    }
    return numbers;
  }

  private static List<Object> mixed() {
    var items = new ArrayList<Object>();
    for (int i = 0; i < 5_000; i++) {
      items.add(i % 3 == 0 ? Map.of("n", i % 7) : i % 3 == 1 ? Map.of("x", i) : "t" + i);
    }
    return items;
  }

  private static Object nested(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = List.of(value);
    }
    return value;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = range(99999) | list | sort %}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for a in long %}{{ long.count(long[1:] ~ 'b') }}{% endfor %}",
        "{{ long.count('a' * 250000 ~ 'b') }}",
        "{% for a in long %}{% for b in long %}{% for c in long %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ [] | zip(long, long, long, long, long, long) | list | length }}",
        "{{ many | sort(attribute='0.0.0.0.0.0.0.0.0.0,0.0.0.0.0.0.0.0.0.0') | length }}",
        "{% for a in range(20000) %}{% set o = loop %}{% if o < o %}{% endif %}{% endfor %}",
        "{{ 'a' | map(*(['map'] * 700)) }}",
        "{{ long | replace('a' * 250000 ~ 'b', '') }}",
        "{{ ('a' * 250000 ~ 'b') in long }}",
        "{{ long.find('a' * 250000 ~ 'b') }}",
        "{{ long | split('a' * 250000 ~ 'b') | list }}",
        "{{ long | trim('b' * 500000) }}",
        "{% for a in many %}{% if a in many %}{% endif %}{% endfor %}",
        "{% for a in many %}{{ many.count('x') }}{% endfor %}",
        "{% for a in many %}{{ many | unique | length }}{% endfor %}",
        "{{ many | map('replace', 'a', long) | list | length }}",
        "{{ many | select('in', many) | list | length }}",
        "{% for a in many %}{% set x = mixed | sort(attribute='n') %}{% endfor %}",
        "{% for a in many %}{% set x = many | tojson | from_json %}{% endfor %}",
        "{% for a in many %}{% set x = many == many[:] %}{% endfor %}",
        "{% for a in many %}{% set x = {'a': many} < {'a': many[:]} %}{% endfor %}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% for x in [1, 1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
        "{{ '{:1000000}'.format(1) * 1000000 }}",
        "{% for a in long %}{% set x = long[::-1] %}{% endfor %}",
        "{% for a in many %}{% set x = loop.changed(many) %}{% endfor %}",
        "{% set d = {long: 1} %}{% for a in many %}{{ d[long] }}{% endfor %}",
        "{% for a in many %}{{ words | split | list | length }}{% endfor %}",
        "{% for a in many %}{% set x = '%f%f%f' | format(tiny, tiny, tiny) %}{% endfor %}",
        "{% for a in many %}{% set x = '{:01000,}'.format(1) %}{% endfor %}{{ many | sort }}",
        "{% for a in tinies %}{% set x = tinies | sort %}{% endfor %}",
        "{% for a in many %}{% set x = tinies | map('int') | sum %}{% endfor %}",
        "{{ many | map('chain', *many) | list | length }}",
        "{% for a in many %}{{ long[400000] }}{% endfor %}",
        // What cannot be paid for is not replaced by something else.
        "{{ many | map(attribute='0.0.0.0.0.0.0.0.0.0', default=1) | list | length }}"
      })
  void too_much_work_is_refused(String template) {
    var rendered = render(template);

    assertThat(rendered)
        .isInstanceOfSatisfying(
            Rendered.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .containsAnyOf("too much work", "too deeply", "too large", "too long"));
  }

  @Test
  void a_long_way_to_nothing_is_named_soon() {
    var way = "a" + "[0]".repeat(120) + "[1]";

    assertThat(render("{% set a = 'x' %}{{ " + way + " }}"))
        .isInstanceOfSatisfying(
            Rendered.Text.class, text -> assertThat(text.missing()).containsExactly(way));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ long }}",
        "{% for a in range(1000) %}{{ 'a' * 1000 }}{% endfor %}",
        "{{ 'a' * 70000 }}",
        "{{ 'a' * 2000000000 }}",
        "{% set x = ['a'] * 2000000000 %}",
        "{{ '%2000000000d' | format(1) }}",
        "{{ '%.2000000000f' | format(1) }}",
        "{{ '{:02000000,}'.format(1) }}",
        "{{ 'a\nb' | indent(2000000000) }}",
        "{{ [1] | tojson(2000000000) }}",
        "{% set x = [1] | batch(2000000000, 'x') %}",
        "{% set x = [1] | slice(2000000000) %}",
        "{{ long | replace('', long) }}",
        "{{ many | join(long) }}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{{ 2 ** 2 ** 2 ** 2 ** 2 ** 2 ** 2 ** 2 }}",
        "{{ 10 ** 1000000000 }}",
        "{{ 1e308 | round(2000000000) }}{{ 'a' * 70000 }}",
        "{% set ns = namespace(x=[1]) %}{% for a in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}",
        "{% set ns = namespace(x='a') %}{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for a in range(60) %}{% set ns.x = {1: ns.x, 2: ns.x} %}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}",
        "{% set l = [namespace(x=1)] %}{{ l }}",
        "{% set ns = namespace(x=1) %}{% for a in range(200) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{{ ('[' * 500) | from_json }}",
        "{{ ('[' * 90 ~ ']' * 90) | from_json | list | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) | batch(1) }}"
      })
  void too_much_text_and_too_large_values_are_refused(String template) {
    assertThat(render(template)).isInstanceOf(Rendered.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ deep }}",
        "{{ deep == deep | list }}",
        "{{ deep | tojson }}",
        "{{ deep | pprint | length }}",
        "{{ deep in [deep] }}",
        "{{ [deep, deep] | sort | unique | length }}",
        "{{ mixed | sort(attribute='n') | length }}",
        "{{ mixed | groupby('n') | length }}",
        "{{ many[:10000] | sort | first }}{{ long | length }}",
        "{{ many | map(attribute=long, default=1) | list | length }}",
        "{{ words | split | list | length }}",
        "{{ tinies | sort | length }}"
      })
  void what_is_large_and_allowed_renders(String template) {
    assertThat(render(template)).isInstanceOf(Rendered.Text.class);
  }

  @Test
  void claims_that_are_too_large_or_too_deep_render_nothing() {
    var template = Template.compile("{{ user.name }}");

    for (var value : List.of(nested(150), "a".repeat(3_000_000), Collections.nCopies(200_000, 1))) {
      assertThat(template.render(Variables.of(Map.of("user", Map.of("name", "x", "y", value)))))
          .isInstanceOfSatisfying(
              Rendered.Failed.class, failed -> assertThat(failed.reason()).contains("too "));
    }
  }

  @Test
  void a_source_that_is_too_long_or_too_deep_is_no_template() {
    for (var source :
        List.of(
            "a".repeat(20_000),
            "{{ " + "(".repeat(2_000) + "1" + ")".repeat(2_000) + " }}",
            "{{ " + "[".repeat(2_000) + "]".repeat(2_000) + " }}",
            "{{ " + "-".repeat(5_000) + "1 }}",
            "{{ " + "not ".repeat(3_000) + "1 }}",
            "{{ 1" + " + 1".repeat(3_000) + " }}",
            "{{ 1" + "|abs".repeat(3_000) + " }}",
            "{{ a" + ".b".repeat(3_000) + " }}",
            "{{ a" + "[0]".repeat(3_000) + " }}",
            "{{ a" + " if a".repeat(3_000) + " }}",
            "{% if 1 %}".repeat(700) + "{% endif %}".repeat(700),
            "{% set " + "(".repeat(3_000) + "a" + ")".repeat(3_000) + " = 1 %}")) {
      assertThatThrownBy(() -> onSmallStack(() -> Template.compile(source)))
          .as(source.substring(0, 20))
          .isInstanceOf(MalformedTemplate.class);
    }
  }

  /// The same again and again, with a piece of one template put into another.
  @Test
  void no_mixture_of_templates_does_anything_but_render_or_fail() throws Exception {
    var random = new Random(20261126);
    var templates =
        MiniJinjaTableTest.rows().stream().map(MiniJinjaTableTest.Row::template).toList();
    var variables = Variables.of(Map.of("user", MiniJinjaTableTest.user(), "mixed", mixed()));
    int rendered = 0;

    for (int i = 0; i < 2_000; i++) {
      var mixture = mixture(templates, random);
      var outcome =
          onSmallStack(
              () -> {
                try {
                  return Template.compile(mixture).render(variables);
                } catch (MalformedTemplate e) {
                  return new Rendered.Failed(e.line(), e.problem(), List.of());
                }
              });
      rendered += outcome instanceof Rendered.Text ? 1 : 0;
    }

    assertThat(rendered).isGreaterThan(100);
  }

  private static String mixture(List<String> templates, Random random) {
    var one = templates.get(random.nextInt(templates.size()));
    var other = templates.get(random.nextInt(templates.size()));
    int at = random.nextInt(one.length());
    int from = random.nextInt(other.length());
    var piece = other.substring(from, Math.min(other.length(), from + random.nextInt(30)));
    var mixture =
        one.substring(0, at)
            + piece
            + one.substring(Math.min(one.length(), at + random.nextInt(4)));
    return mixture.replace("user.groups", random.nextBoolean() ? "user.groups" : "mixed");
  }

  private static Rendered render(String template) {
    return onSmallStack(() -> Template.compile(template).render(Variables.of(HOSTILE)));
  }

  private interface Work<T> {
    T get();
  }

  /// Within [#SOON] and [#SMALL_STACK].
  private static <T> T onSmallStack(Work<T> work) {
    var task = new FutureTask<>(work::get);
    long began = System.nanoTime();
    new Thread(null, task, "small stack", SMALL_STACK).start();
    try {
      var result = task.get();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
      return result;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MalformedTemplate malformed) {
        throw malformed;
      }
      throw new AssertionError("it threw", e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
