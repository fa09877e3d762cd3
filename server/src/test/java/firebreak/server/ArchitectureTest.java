package firebreak.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The walls that Maven cannot see, since a dependency's dependencies can be imported too. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("firebreak");

  @ParameterizedTest
  @CsvSource({
    "org.apache.lucene.., firebreak.eventstore..",
    "com.google.re2j.., firebreak.eventstore..",
    "com.launchdarkly.., firebreak.flags..",
    "org.kohsuke.., firebreak.deploytracker..",
    "java.sql.., firebreak.records..",
    "io.vertx.., firebreak.server..",
    "com.google.protobuf.., firebreak.server..",
    "picocli.., firebreak.server..",
    "org.apache.commons.statistics.., firebreak.bubbleup..",
  })
  void aLibraryHasOneHome(String library, String home) {
    noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("a library that has one home can be replaced in one place")
        .check(CLASSES);
  }

  /** Behind the contract of the event store, in its root package, everything may change. */
  @Test
  void nobodyReachesBehindTheEventStoresContract() {
    noClasses()
        .that()
        .resideOutsideOfPackage("firebreak.eventstore..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "firebreak.eventstore.columns..",
            "firebreak.eventstore.execution..",
            "firebreak.eventstore.journal..")
        .check(CLASSES);
  }

  @Test
  void nobodyBelowServerReadsTheClock() {
    for (Class<?> time :
        List.of(
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class)) {
      below().should().callMethod(time, "now").because(TIME).check(CLASSES);
    }
    below().should().callMethod(System.class, "currentTimeMillis").because(TIME).check(CLASSES);
    below().should().callMethod(Clock.class, "systemUTC").because(TIME).check(CLASSES);
  }

  @Test
  void nobodyBelowServerDrawsChanceWithoutASeed() {
    below().should().callConstructor(Random.class).because(CHANCE).check(CLASSES);
    below().should().callMethod(Math.class, "random").because(CHANCE).check(CLASSES);
    below().should().dependOnClassesThat().areAssignableTo(ThreadLocalRandom.class).check(CLASSES);
  }

  @Test
  void theModulesFormNoCircle() {
    slices().matching("firebreak.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theWallsStandWhereSomethingIs() {
    ArchRule lucene =
        noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.lucene..");
    ArchRule vertx = noClasses().should().dependOnClassesThat().resideInAPackage("io.vertx..");
    for (ArchRule rule : List.of(lucene, vertx)) {
      org.junit.jupiter.api.Assertions.assertThrows(
          AssertionError.class, () -> rule.check(CLASSES), "the rule passes on nothing");
    }
  }

  private static final String TIME = "time is a parameter";
  private static final String CHANCE = "chance is a parameter";

  private static com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction below() {
    return noClasses().that().resideOutsideOfPackage("firebreak.server..");
  }
}
