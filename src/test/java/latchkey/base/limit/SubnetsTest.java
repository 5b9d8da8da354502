package latchkey.base.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetsTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:c000:201, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
    "2001:db8:1:2::, 2001:db8:1:2:0:0:0:0/64",
    "2001:db8:1:3::6, 2001:db8:1:3:0:0:0:0/64",
    "nonsense, unknown",
  })
  void an_address_counts_as(String address, String counted) {
    assertThat(Subnets.of(address)).isEqualTo(counted);
  }

  @Test
  void no_address_is_one_too() {
    assertThat(Subnets.of(null)).isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,192.0.2.0/24",
    "::ffff:192.0.2.200,192.0.2.0/24",
    "2001:db8:1:2::3,2001:db8:1:0:0:0:0:0/48",
    "nonsense,unknown",
  })
  void a_network_is_what_one_home_has(String address, String network) {
    assertThat(Subnets.networkOf(address)).isEqualTo(network);
  }
}
