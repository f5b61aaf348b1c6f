package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopologicalOrderTest {
  private static PackageRecord record(String name, String... depends) {
    return PackageRecord.builder(name, "1", "0").depends(List.of(depends)).build();
  }

  private static List<String> order(PackageRecord... records) {
    return names(TopologicalOrder.of(List.of(records)));
  }

  private static List<String> names(List<PackageRecord> records) {
    return records.stream().map(PackageRecord::name).toList();
  }

  @Test
  void putsDependenciesFirst() {
    assertThat(order(record("a", "b >=1"), record("b", "c[version='>=1']"), record("c")))
        .containsExactly("c", "b", "a");
  }

  @Test
  void putsPythonBeforePipThatItDependsOn() {
    assertThat(
            order(
                record("pip", "python", "setuptools"),
                record("python", "pip", "openssl"),
                record("setuptools", "python"),
                record("openssl")))
        .containsExactly("openssl", "python", "setuptools", "pip");
  }

  @Test
  void putsPythonBeforeNoarchPythonPackagesThatDoNotNameIt() {
    PackageRecord noarch = PackageRecord.builder("a", "1", "0").noarch(NoarchType.PYTHON).build();
    assertThat(order(noarch, record("python"))).containsExactly("python", "a");
  }

  @Test
  void survivesCirclesWithoutPython() {
    assertThat(order(record("a", "b"), record("b", "c"), record("c", "a"), record("d", "a")))
        .containsExactlyInAnyOrder("a", "b", "c", "d")
        .endsWith("a", "d");
  }

  @Test
  void ignoresWhatIsNotThere() {
    assertThat(order(record("a", "missing", "=="))).containsExactly("a");
  }

  @Test
  void doesNotDependOnTheOrderOfTheInput() {
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add(record("p" + i, "p" + (i * 7 + 3) % 40, "p" + (i * 11 + 5) % 40));
    }
    List<PackageRecord> first = TopologicalOrder.of(records);
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(records, new Random(seed));
      assertThat(TopologicalOrder.of(records)).isEqualTo(first);
    }
  }

  @Test
  void walksChainsThatAreLongerThanAStackIsDeep() {
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      records.add(record("p" + i, "p" + (i + 1)));
    }
    assertThat(TopologicalOrder.of(records).get(0).name()).isEqualTo("p49999");
  }
}
