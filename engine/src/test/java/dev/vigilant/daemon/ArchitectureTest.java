// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data goes one way, so imports do. */
class ArchitectureTest {
    /** From the bottom up; a package may import those before it. */
    private static final List<String> ORDER = List.of(
            "event",
            "counter",
            "source",
            "syscall",
            "jna",
            "proc",
            "audit",
            "bpf",
            "container",
            "enrich",
            "alert",
            "rules",
            "pipeline",
            "detect",
            "sink",
            "daemon");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vigilant");

    @Test
    void packagesImportOnlyThoseBeforeThem() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] above = ORDER.subList(i + 1, ORDER.size()).stream()
                    .map(p -> "dev.vigilant." + p + "..")
                    .toArray(String[]::new);
            if (above.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage("dev.vigilant." + ORDER.get(i) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above)
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        }
    }

    @Test
    void theSensorKnowsNeitherDroolsNorKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(ORDER.subList(0, 10).stream()
                        .map(p -> "dev.vigilant." + p + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.drools..", "org.kie..", "org.apache.kafka..", "com.lmax..")
                .check(CLASSES);
    }

    @Test
    void onlyTheNativePackageKnowsJna() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.vigilant.jna..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void frontEndsOfOtherLanguagesShareWithoutKnowingEachOther() {
        List<String> frontEnds = List.of("dev.vigilant.rules.falco..", "dev.vigilant.rules.sigma..");
        for (String frontEnd : frontEnds) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.vigilant.rules..")
                    .and()
                    .resideOutsideOfPackages(frontEnd, "dev.vigilant.rules")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(frontEnd)
                    .check(CLASSES);
        }
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.vigilant.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
