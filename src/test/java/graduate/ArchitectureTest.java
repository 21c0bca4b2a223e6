package graduate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, as src/README.md draws them. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("graduate");

  @Test
  void arrowsGoOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("main")
        .definedBy("graduate")
        .layer("cli")
        .definedBy("graduate.cli")
        .layer("run")
        .definedBy("graduate.run")
        .layer("prompt")
        .definedBy("graduate.prompt")
        .layer("openai")
        .definedBy("graduate.openai")
        .layer("audit")
        .definedBy("graduate.audit")
        .layer("spend")
        .definedBy("graduate.spend")
        .layer("compare")
        .definedBy("graduate.compare")
        .layer("export")
        .definedBy("graduate.export")
        .layer("replay")
        .definedBy("graduate.replay")
        .layer("cron")
        .definedBy("graduate.cron")
        .layer("json")
        .definedBy("graduate.json")
        .layer("text")
        .definedBy("graduate.text")
        .whereLayer("text")
        .mayNotAccessAnyLayer()
        .whereLayer("json")
        .mayOnlyAccessLayers("text")
        .whereLayer("prompt")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("openai")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("audit")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("replay")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("export")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("compare")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("cron")
        .mayOnlyAccessLayers("json", "text")
        .whereLayer("spend")
        .mayOnlyAccessLayers("audit", "json", "text")
        .whereLayer("run")
        .mayOnlyAccessLayers("prompt", "openai", "audit", "spend", "json", "text")
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("main")
        .check(CLASSES);
  }

  /** It throws where the mount table cannot be seen, as in a chroot. */
  @Test
  void nothingAsksForTheMountTable() {
    noClasses().should().callMethod(Files.class, "getFileStore", Path.class).check(CLASSES);
  }

  @Test
  void noCycles() {
    slices().matching("graduate.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
