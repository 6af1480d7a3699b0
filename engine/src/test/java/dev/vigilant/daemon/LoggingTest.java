// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
    @Test
    void saysALineWithoutStackTraceAndLeavesOutWhatLibrariesSay() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        new Logging().configure(context);

        String said = said(() -> {
            context.getLogger("dev.vigilant.some").info("told", new IllegalStateException("why"));
            context.getLogger("dev.vigilant.some").debug("details");
            context.getLogger("org.apache.kafka.clients").error("noise");
            context.getLogger("org.drools.core").warn("noise");
            context.getLogger("org.kie.api").warn("noise");
            context.getLogger("other").info("noise");
            context.getLogger("other").warn("heard");
        });

        assertThat(said).isEqualTo("vigilant: told\nvigilant: heard\n");
    }

    @Test
    void isFoundByLogback() {
        String said = said(() -> LoggerFactory.getLogger("dev.vigilant.some").warn("found"));

        assertThat(said).isEqualTo("vigilant: found\n");
    }

    private static String said(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setErr(captured);
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
