package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InstallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPointTest {
  @Test
  void readsCommandModuleAndFunction() {
    assertThat(EntryPoint.parse("f2py-3.9 = numpy.f2py.f2py2e:main", "numpy"))
        .isEqualTo(new EntryPoint("f2py-3.9", "numpy.f2py.f2py2e", "main"));
  }

  @Test
  void importsTheFirstPartOfADottedFunction() {
    assertThat(EntryPoint.parse("tool=pkg.mod:Main.run", "tool").script())
        .contains("from pkg.mod import Main\n")
        .contains("sys.exit(Main.run())\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no equals",
        "x = module",
        " = module:main",
        "../x = module:main",
        "a/b = module:main",
        "a\\b = module:main",
        ".hidden = module:main",
        "a\nb = module:main",
        "x = :main",
        "x = module:",
        "x = os; import evil:main",
        "x = module:main()",
        "x = module:__import__('os').system",
        "x = mod..ule:main",
        "x = import:main",
        "x = module:main\nimport os",
        "x = 1module:main",
      })
  void refusesAnythingButNames(String text) {
    assertThatThrownBy(() -> EntryPoint.parse(text, "evil 1 0"))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("evil 1 0");
  }
}
