package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Change;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanChangesTest {
  private static PackageRecord.Builder record(String name, String version) {
    return PackageRecord.builder(name, version, "0").subdir("linux-64").url("https://x/" + name);
  }

  private static PackageRecord python(String version) {
    return record("python", version).url("https://x/python-" + version).build();
  }

  private static List<Change> between(PackageRecord there, PackageRecord served, String version) {
    return PlanChanges.between(List.of(python("3.11.1"), there), List.of(python(version), served));
  }

  @Test
  void modulesAreLinkedAgainWhenPythonsMinorVersionChanges() {
    PackageRecord module = record("module", "1").noarch(NoarchType.PYTHON).build();

    assertThat(between(module, module, "3.12.0")).hasAtLeastOneElementOfType(Change.Relinked.class);
    assertThat(between(module, module, "3.11.2"))
        .doesNotHaveAnyElementsOfTypes(Change.Relinked.class);
  }

  @Test
  void soTheyAreWhereOnlyTheirRecordsSayWhatTheyAre() {
    PackageRecord there = record("module", "1").noarch(NoarchType.PYTHON).build();
    PackageRecord served = record("module", "1").build();

    assertThat(between(there, served, "3.12.0")).hasAtLeastOneElementOfType(Change.Relinked.class);
    assertThat(between(served, served, "3.12.0"))
        .doesNotHaveAnyElementsOfTypes(Change.Relinked.class);
  }

  @Test
  void soTheyAreWhenPythonLooksElsewhereForThem() {
    PackageRecord module = record("module", "1").noarch(NoarchType.PYTHON).build();
    PackageRecord threads =
        python("3.11.1").toBuilder()
            .url("https://x/python-threads")
            .pythonSitePackagesPath("lib/python3.11t/site-packages")
            .build();

    assertThat(PlanChanges.between(List.of(python("3.11.1"), module), List.of(threads, module)))
        .hasAtLeastOneElementOfType(Change.Relinked.class);
  }
}
