package latchkey.endpoint.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import latchkey.base.crypto.Secret;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsoTargetTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example, https://a.example?loginToken=T",
    "https://a.example/?, https://a.example/?loginToken=T",
    "https://a.example/?b=1, https://a.example/?b=1&loginToken=T",
    "https://a.example/?b=1#c?d, https://a.example/?b=1&loginToken=T#c?d",
    "https://a.example/#/x, https://a.example/?loginToken=T#/x",
    "https://a.example/?loginToken=old&b=%2F+&logintoken=1, https://a.example/?b=%2F+&logintoken=1&loginToken=T",
    "https://a.example/?login%54oken=old, https://a.example/?loginToken=T",
    "http://localhost:8080/x, http://localhost:8080/x?loginToken=T",
    "http://my_host/, http://my_host/?loginToken=T",
    "element://connect, element://connect?loginToken=T",
    "app.fluffychat:/login, app.fluffychat:/login?loginToken=T",
    "io.element.desktop:x?y=1, io.element.desktop:x?y=1&loginToken=T",
    "https://a.example/#/room/#m:b.example, https://a.example/?loginToken=T#/room/%23m:b.example",
    "https://a.example/x y?q={1|2}#^, https://a.example/x%20y?q=%7B1%7C2%7D&loginToken=T#%5E",
    "https://bücher.example:8443/, https://xn--bcher-kva.example:8443/?loginToken=T",
    "'http://[::1]:80/', 'http://[::1]:80/?loginToken=T'",
    "https://a.example/ä, https://a.example/%C3%A4?loginToken=T"
  })
  void the_token_is_put_into_the_query_and_nothing_else_changes(String url, String expected) {
    assertThat(SsoTarget.parse(url).orElseThrow().with(Secret.of("T"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.example",
        "/relative",
        "//a.example/",
        "https:",
        "https:///x",
        "http://:80/",
        "https:a.example",
        "https://user@a.example/",
        "https://user:word@a.example/",
        "element://user@connect",
        "javascript:alert(1)",
        "JavaScript://a.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://a.example/x",
        "file:///etc/passwd",
        "https://a.example/\r\nX: y",
        "https://a b/",
        "https://evil%2Ecom/",
        "https://a.example:99999/",
        "https://a.example:99999999999/",
        "https://a..example/",
        "https://*/",
        "https:\\\\a.example/",
        "view-source:https://a.example/",
        "filesystem:https://a.example/x"
      })
  void what_leads_to_no_client_is_refused(String url) {
    assertThat(SsoTarget.parse(url)).isEmpty();
  }
}
