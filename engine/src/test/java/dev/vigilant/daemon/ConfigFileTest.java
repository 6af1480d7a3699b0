// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void overlaysTheDefaults() throws IOException {
        Config config = ConfigFile.read(write("""
                sensor: audit
                audit:
                  mode: listener
                  backlog_limit: 8192
                sinks: [stdout, "kafka:broker:9092/alerts"]
                kafka:
                  properties:
                    security.protocol: SSL
                rules:
                  paths: /etc/vigilant/rules
                """));

        assertThat(config.auditMode()).isEqualTo("listener");
        assertThat(config.backlogLimit()).isEqualTo(8192);
        assertThat(config.sinks()).containsExactly("stdout", "kafka:broker:9092/alerts");
        assertThat(config.kafkaProperties()).containsEntry("security.protocol", "SSL");
        assertThat(config.rules()).containsExactly(Path.of("/etc/vigilant/rules"));
        assertThat(config.ringSlots()).isEqualTo(Config.DEFAULTS.ringSlots());
    }

    @Test
    void saysEverythingThatIsWrongWithItsLine() throws IOException {
        Path file = write("""
                sensor: magic
                audit:
                  backlog_limit: many
                  complete: maybe
                ring:
                  slots: 1000
                sink: stdout
                """);

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file + ":1: sensor: magic is none of [audit, auto, ebpf]")
                .hasMessageContaining(file + ":3: audit.backlog_limit: a number")
                .hasMessageContaining(file + ":4: audit.complete: true or false")
                .hasMessageContaining(file + ":6: ring.slots: a power of two")
                .hasMessageContaining(file + ":7: unknown key sink");
    }

    @Test
    void namesTheLineOfWhatIsNoYaml() throws IOException {
        Path file = write("sensor: [audit\nring: 3\n");

        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(file + ":2: no YAML: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysOfAFileThatIsNotThere() {
        assertThatThrownBy(() -> ConfigFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("none.yaml: no such file or directory");
    }

    @Test
    void anEmptyFileIsTheDefaults() throws IOException {
        assertThat(ConfigFile.read(write(""))).isEqualTo(Config.DEFAULTS);
    }

    private Path write(String text) throws IOException {
        Path file = directory.resolve("vigilant.yaml");
        Files.writeString(file, text);
        return file;
    }
}
