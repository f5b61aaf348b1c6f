package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  private static List<PackageRecord> records(String names) {
    return Arrays.stream(names.split(" ", -1))
        .map(name -> PackageRecord.builder(name, "1", "0").build())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a>=2, a, false",
    "a and b, a, false",
    "a and b, a b, true",
    "a or b, b, true",
    "a or b and c, a, true",
    "a or b and c, b, false",
    "(a or b) and c, a, false",
    "(a or b) and c, b c, true",
    "((a)), a, true",
    "'a[version=''>=1,<2'']', a, true"
  })
  void isTrueOfWhatIsThere(String text, String names, boolean holds) {
    assertThat(Condition.parse(text).holds(records(names))).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a and b", "a or b and c", "(a or b) and c", "a[version='>=2'] or (b)"})
  void readsBackAsItPrints(String text) {
    Condition condition = Condition.parse(text);
    assertThat(Condition.parse(condition.toString())).isEqualTo(condition);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a and", "or b", "(a", "a)", "a[when=b]", "a>="})
  void refusesWhatIsNoCondition(String text) {
    assertThatThrownBy(() -> Condition.parse(text)).isInstanceOf(InvalidSpecException.class);
  }
}
