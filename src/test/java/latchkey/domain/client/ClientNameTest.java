package latchkey.domain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientNameTest {
  @Test
  void a_name_is_one_short_line_in_one_direction() {
    assertThat(ClientName.shown("Element")).contains("Element");
    assertThat(ClientName.shown("  Element \n\t X  ")).contains("Element X");
    assertThat(ClientName.shown("Ele\u202Ement\u2066")).contains("Ele ment");
    assertThat(ClientName.shown("x".repeat(2048))).contains("x".repeat(64) + "…");
    assertThat(ClientName.shown("😀".repeat(65))).contains("😀".repeat(64) + "…");
  }

  @Test
  void of_nothing_but_blanks_and_tricks_nothing_is_left() {
    for (var name : new String[] {null, "", "  ", "\u200F\u0007"}) {
      assertThat(ClientName.shown(name)).isEmpty();
    }
  }
}
