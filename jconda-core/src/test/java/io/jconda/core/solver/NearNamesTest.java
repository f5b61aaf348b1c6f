package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  @Test
  void findsNamesThatDifferInFewLettersTheNearestFirst() {
    assertThat(NearNames.of("nunpy", List.of("scipy", "numpy", "numba", "nunpyy")))
        .startsWith("numpy", "nunpyy")
        .doesNotContain("scipy");
  }

  @Test
  void countsSwappedLettersAsOneMistake() {
    assertThat(NearNames.of("nmupy", List.of("numpy"))).containsExactly("numpy");
  }

  @Test
  void takesWhatPartsTheWordsForNoMistake() {
    assertThat(NearNames.of("scikit_learn", List.of("scikit-lean", "scikit-learn")))
        .containsExactly("scikit-learn", "scikit-lean");
  }

  @Test
  void knowsTheAffixesOfOtherEcosystems() {
    assertThat(NearNames.of("dateutil", List.of("python-dateutil", "date")))
        .contains("python-dateutil");
    assertThat(NearNames.of("python-opencv", List.of("opencv"))).containsExactly("opencv");
    assertThat(NearNames.of("curl", List.of("libcurl"))).containsExactly("libcurl");
  }

  @Test
  void namesNoMoreThanAPersonReads() {
    assertThat(NearNames.of("abc", List.of("abd", "abe", "abf", "abg", "abh", "abi", "abj")))
        .hasSize(5);
  }
}
