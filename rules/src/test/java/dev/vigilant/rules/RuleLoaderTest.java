// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.KernelEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleLoaderTest {
    @Test
    void refusesNothingOfTheBuiltInPacks() {
        RuleSet builtIn = RuleLoader.builtIn();

        assertThat(builtIn.refused()).isEmpty();
        assertThat(builtIn.warnings()).isEmpty();
    }

    @Test
    void readsFilesAndDirectoriesAndTellsWhatItCannotRead(@TempDir Path directory) throws IOException {
        Path sub = Files.createDirectory(directory.resolve("sub"));
        Files.writeString(sub.resolve("a.drl"), "package a;\n" + Rules.rule("a", "$e : FileOpen( file.path in (L) )"));
        Files.writeString(directory.resolve("l.lists.yaml"), "L: [/x]");
        Files.writeString(directory.resolve("README.md"), "no rule");
        Path single =
                Files.writeString(directory.resolve("b.drl"), "package b;\n" + Rules.rule("b", "$e : FileOpen()"));
        Path missing = directory.resolve("missing.drl");

        assertThat(RuleLoader.load(directory).describe())
                .extracting(RuleDescription::id)
                .containsExactly("b", "a");
        RuleSet set = RuleLoader.load(single, missing, directory.resolve("README.md"));
        assertThat(set.describe()).extracting(RuleDescription::id).containsExactly("b");
        assertThat(set.refused())
                .extracting(p -> p.position().file())
                .containsExactly(
                        missing.toString(), directory.resolve("README.md").toString());
    }

    @Test
    void findsThePacksOfAJarWithoutDirectoryEntries(@TempDir Path directory) throws IOException {
        Path jar = directory.resolve("x.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("dev/vigilant/packs/a.drl"));
            zip.write("package a;".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("dev/vigilant/packs/sub/b.lists.yaml"));
            zip.putNextEntry(new ZipEntry("dev/vigilant/other/c.drl"));
        }
        URI root = URI.create("jar:" + jar.toUri() + "!/");

        assertThat(RulePacks.beside(root))
                .extracting(RuleSource::name)
                .containsExactly("builtin:a.drl", "builtin:sub/b.lists.yaml");
    }

    @Test
    void readsTheMetadata() {
        RuleSet set = Rules.sound("""
                rule "Release agent \\"written\\""
                    @id("release-agent") @severity("Critical") @technique("T1611, T1059.004") @tags("container, escape")
                    @description("It's a way out, with a \\\\ in it.") @falsePositives("none")
                    @message("{file.path} by {process.name} in {container.name} {process.args}")
                when
                    $e : FileOpen()
                then
                    alert( $e );
                end
                """);
        RuleDescription rule = set.describe().get(0);

        assertThat(rule.id()).isEqualTo("release-agent");
        assertThat(rule.pack()).isEqualTo("vigilant.test");
        assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(rule.techniques()).containsExactly("T1611", "T1059.004");
        assertThat(rule.tags()).containsExactly("container", "escape");
        assertThat(rule.description()).isEqualTo("It's a way out, with a \\ in it.");
        assertThat(rule.falsePositives()).isEqualTo("none");
        assertThat(rule.line()).isEqualTo(2);
        KernelEvent event = Events.open(Events.START, Events.process(1, "sh", null, "sh", "-i"), null, "/x", 0);
        assertThat(set.message(rule, List.of(event))).isEqualTo("/x by sh in <unknown> sh -i");
    }

    @Test
    void makesAMessageForARuleThatHasNone() {
        RuleSet set = Rules.sound(Rules.rule("r", "$e : FileOpen()"));
        KernelEvent event = Events.open(Events.START, Events.process(7, "sh", null), Events.CONTAINER, "/x", 0);

        assertThat(set.message(set.describe().get(0), List.of(event))).isEqualTo("r: sh[7] in container web");
    }

    @Test
    void reportsAsJson() throws IOException {
        RuleSet set = Rules.load(Rules.rule("a", "$e : FileOpen( fil == \"x\" )"), Rules.rule("b", "$e : FileOpen()"));
        CheckReport report = CheckReport.of(set);
        JsonNode json = new ObjectMapper().readTree(report.json());

        assertThat(report.clean()).isFalse();
        assertThat(json.at("/loaded").asInt()).isEqualTo(1);
        assertThat(json.at("/refused/0/rule").asText()).isEqualTo("a");
        assertThat(json.at("/refused/0/file").asText()).isEqualTo("test.drl");
        assertThat(json.at("/refused/0/line").asInt()).isEqualTo(4);
        assertThat(json.at("/refused/0/reason").asText()).contains("did you mean `file`?");
        assertThat(json.at("/warnings").isArray()).isTrue();
    }
}
