package io.jconda.core.install;

import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.List;

/** Is a small life of a prefix, each step of which has every kind of path in it. */
final class Scenario {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(18) + "end";

  private final Workbench bench;
  final Path prefix;

  Scenario(Workbench bench, Path prefix) {
    this.bench = bench;
    this.prefix = prefix;
  }

  /** Is one step, done by an installer on the state that the one before left. */
  enum Step {
    CREATE,
    UPDATE,
    REMOVE,
    REPLACE
  }

  /** Brings the prefix to where a step begins. */
  void prepare(Step step) {
    if (step != Step.CREATE) {
      bench.apply(create(false));
    }
  }

  /** Does a step. */
  void run(Step step, Installer installer) {
    run(step, installer, OperationContext.silent());
  }

  /** Does a step that somebody may cancel. */
  void run(Step step, Installer installer, OperationContext context) {
    switch (step) {
      case CREATE -> installer.apply(create(false), context);
      case UPDATE -> installer.apply(update(), context);
      case REMOVE -> installer.remove(prefix, context);
      case REPLACE -> installer.apply(create(true), context);
    }
  }

  Plan create(boolean replacing) {
    return replacing
        ? Workbench.create(prefix, python(), two("1")).replaces(true).build()
        : Workbench.create(prefix, python(), one("1"), module("1"), two("1"))
            .compileBytecode(false)
            .build();
  }

  /** Replaces one, drops the module, and brings one more that overwrites a file of another. */
  private Plan update() {
    return Workbench.change(prefix, python(), one("2"), two("1"), three()).build();
  }

  private PackageRecord python() {
    return bench.build(native_("python", "3.11").file("bin/python3.11", "no real one"));
  }

  private PackageRecord one(String version) {
    return bench.build(
        native_("one", version)
            .executable("bin/one", "#!" + PLACEHOLDER + "/bin/sh\n" + version + "\n")
            .file("lib/one-" + version + ".bin", "\u007fELF" + PLACEHOLDER + "/lib\0")
            .file("etc/one.conf", "version " + version)
            .file("share/one/" + version + "/deep/data", "deep " + version)
            .symbolicLink("lib/one", "one-" + version + ".bin"));
  }

  private PackageRecord two(String version) {
    return bench.build(
        native_("two", version).file("share/common", "of two").file("share/two", version));
  }

  private PackageRecord three() {
    return bench.build(
        native_("three", "1").file("share/common", "of three").file("opt/three/data", "three"));
  }

  private PackageRecord module(String version) {
    return bench.build(
        PackageBuilder.of("module", version)
            .noarch(NoarchType.PYTHON)
            .file("site-packages/module/__init__.py", "VERSION = '" + version + "'\n")
            .entryPoint("module = module:start"));
  }

  private static PackageBuilder native_(String name, String version) {
    return PackageBuilder.of(name, version).platform(Platform.current()).placeholder(PLACEHOLDER);
  }

  static List<Step> steps() {
    return List.of(Step.values());
  }
}
