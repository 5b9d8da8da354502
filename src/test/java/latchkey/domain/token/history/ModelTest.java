package latchkey.domain.token.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The checker checked: the rules keep the invariants, and a mistake in them is found, by comparing
/// and by the invariants alone.
class ModelTest {
  private static final long START = 1_800_000_000;
  private static final int HISTORIES = 400;

  @Test
  void the_rules_keep_every_invariant() {
    var trial = new Trial(setup -> new ModelServer(() -> new Model(setup, START), setup, START));

    histories().forEach(seed -> trial.play(Histories.of(seed).inside()));
  }

  @ParameterizedTest
  @EnumSource
  void an_engine_with_a_mistake_is_found_by_the_model(WrongModel wrong) {
    assertThat(isFound(new Trial(setup -> server(wrong, setup)))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void a_mistake_that_harms_somebody_is_found_by_the_invariants_alone(WrongModel wrong) {
    // The server's own rules stand in for the model, so comparing finds nothing.
    var trial = new Trial(setup -> server(wrong, setup), true);

    assertThat(isFound(trial)).isEqualTo(wrong.breaksAnInvariant());
  }

  @Test
  void a_history_that_fails_is_cut_down_to_what_matters() {
    var trial = new Trial(setup -> server(WrongModel.NEVER_IN_USE, setup));
    long seed =
        histories()
            .filter(each -> trial.failure(Histories.of(each).inside()).isPresent())
            .findFirst()
            .orElseThrow();

    var shortest = trial.shrink(Histories.of(seed).inside());

    assertThat(trial.failure(shortest)).isPresent();
    assertThat(shortest.events()).hasSizeLessThan(12);
  }

  @Test
  void equal_seeds_make_equal_histories() {
    assertThat(Histories.of(42)).isEqualTo(Histories.of(42)).isNotEqualTo(Histories.of(43));
  }

  private static LongStream histories() {
    return LongStream.range(0, HISTORIES);
  }

  private static boolean isFound(Trial trial) {
    return histories().anyMatch(seed -> trial.failure(Histories.of(seed).inside()).isPresent());
  }

  private static ModelServer server(WrongModel wrong, Setup setup) {
    return new ModelServer(() -> wrong.begin(setup, START), setup, START);
  }
}
