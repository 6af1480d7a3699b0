// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.vigilant.bpf.BpfSensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Below a root directory without /proc, where the programs have nothing to go by; whoever may not load them fails before. */
@Timeout(60)
class ProgramsTest {
    private static final BpfSensor.Settings SETTINGS = new BpfSensor.Settings(1 << 16, 1 << 16, Set.of());

    @TempDir
    private Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Programs.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(said);
    }

    private Programs load(String sensor) {
        return Programs.load(
                new LiveSensor.Settings(sensor, SETTINGS, "auto", 64, false, 1 << 16, directory, directory));
    }

    private List<String> lines() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void auditStandsInWhereAnySensorWillDo() throws Exception {
        try (Programs programs = load("auto")) {
            assertThat(programs.take()).isNull();
        }
        assertThat(lines()).singleElement().asString().startsWith("no eBPF here, sensing with audit: ");
        assertThat(lines().get(0)).hasSizeGreaterThan("no eBPF here, sensing with audit: ".length());
    }

    @Test
    void whoeverTakesThemIsToldWhyWhereNoOtherSensorWillDo() {
        Programs programs = load("ebpf");

        assertThatThrownBy(programs::take).isInstanceOf(IOException.class).hasMessageMatching("(?s).*\\S.*");
        programs.close();
        assertThat(lines()).isEmpty();
    }

    @Test
    void failureThatNobodyAsksForIsNoFailure() {
        load("ebpf").close();

        assertThat(lines()).isEmpty();
    }

    @Test
    void nothingIsLoadedWhereAuditIsAskedFor() throws Exception {
        try (Programs programs = load("audit")) {
            assertThat(programs.take()).isNull();
        }
        assertThat(lines()).isEmpty();
    }
}
