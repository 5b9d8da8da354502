package latchkey.endpoint.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoginRequestTest {
  @Test
  void where_passwords_are_off_the_way_is_unknown_and_not_listed() {
    var json = "{\"type\":\"m.login.password\",\"user\":\"a\",\"password\":\"b\"}";
    var stream = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    var body = MatrixBody.read(null, stream);

    assertThat(LoginRequest.read(body, true, false)).isInstanceOf(LoginRequest.Password.class);
    assertThatThrownBy(() -> LoginRequest.read(body, false, false))
        .hasMessage("Invalid login type");
    assertThat(LoginFlows.json(false)).doesNotContain("m.login.password");
    assertThat(LoginFlows.json(true)).contains("m.login.password");
  }
}
