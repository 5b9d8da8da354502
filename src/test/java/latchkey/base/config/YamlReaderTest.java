package latchkey.base.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private final Faults faults = new Faults();

  @Test
  void an_empty_file_is_an_empty_mapping() {
    assertThat(read("").entries()).isEmpty();
    assertThat(read("# only a comment\n").entries()).isEmpty();
    assertThat(faults.errors()).isEmpty();
  }

  @Test
  void scalars_follow_yaml_1_2() {
    var read = read("a: yes\nb: on\nc: 012\nd: 0x1F\ne: True\nf: ~\ng:\nh: 1.5\ni: '5'\n");

    assertThat(Node.plain(read))
        .hasToString("{a=yes, b=on, c=12, d=31, e=true, f=null, g=null, h=1.5, i=5}");
    assertThat(value(read, "a")).isInstanceOf(String.class);
    assertThat(value(read, "c")).isEqualTo(12L);
    assertThat(value(read, "i")).isEqualTo("5");
  }

  @Test
  void an_alias_repeats_its_anchor() {
    var read = read("a: &x {k: 1}\nb: *x\n");

    assertThat(Node.plain(read)).hasToString("{a={k=1}, b={k=1}}");
  }

  @Test
  void an_anchor_inside_itself_is_a_fault_and_no_endless_loop() {
    read("a: &x\n  b: *x\n");

    assertThat(faults.errors()).singleElement().asString().contains("refers to itself");
  }

  @Test
  void every_value_knows_its_line() {
    var read = read("a:\n  b: 1\n  c:\n    - x\n    - y\n");

    var a = (Node.Mapping) entry(read, "a");
    assertThat(entry(a, "b").mark()).hasToString("f.yaml:2");
    assertThat(((Node.Items) entry(a, "c")).items().get(1).mark()).hasToString("f.yaml:5");
  }

  @Test
  void a_key_given_twice_is_a_fault_at_the_second() {
    read("a:\n  b: 1\n  b: 2\n");

    assertThat(faults.errors())
        .singleElement()
        .hasToString("f.yaml:3: a.b: this key is there twice");
  }

  @Test
  void text_that_is_no_yaml_is_a_fault_with_its_line() {
    read("a: 1\nb: [1, 2\n");

    assertThat(faults.errors()).singleElement().asString().startsWith("f.yaml:3: this is no YAML");
  }

  @Test
  void a_list_at_the_top_is_a_fault() {
    read("- a\n");

    assertThat(faults.errors()).singleElement().asString().contains("keys and values");
  }

  private Node.Mapping read(String text) {
    return new YamlReader("f.yaml", faults).read(text);
  }

  private static Node entry(Node.Mapping mapping, String key) {
    var node = mapping.entries().get(key);
    assertThat(node).isNotNull();
    return java.util.Objects.requireNonNull(node);
  }

  private static Object value(Node.Mapping mapping, String key) {
    return java.util.Objects.requireNonNull(((Node.Scalar) entry(mapping, key)).value());
  }
}
