// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Position;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackArchiveTest {
    @TempDir
    Path directory;

    private Path file;
    private PackArchive archive;

    @BeforeEach
    void name() {
        file = directory.resolve("packs");
        archive = new PackArchive(file, "this build");
    }

    @Test
    void holdsWhatTheTextsSay() throws IOException {
        assertNull(archive.read(), "before it is made");
        PackArchive.Packs packs = RuleLoader.packs();
        assertFalse(packs.read().rules().isEmpty());

        archive.write(packs);

        assertEquals(packs, archive.read());
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList(), "nothing else is left");
        }
    }

    @Test
    void isOfOneBuild() throws IOException {
        archive.write(RuleLoader.packs());

        assertNull(new PackArchive(file, "another build").read());
    }

    @Test
    void isPassedOverWhenDamaged() throws IOException {
        archive.write(RuleLoader.packs());
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length += 1 + length / 3) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertNull(archive.read(), "cut after " + length);
        }
    }

    @Test
    void isPassedOverWhereABitIsWrong() throws IOException {
        archive.write(RuleLoader.packs());
        byte[] whole = Files.readAllBytes(file);

        for (int at = 0; at < whole.length; at += 1 + whole.length / 200) {
            byte[] wrong = whole.clone();
            wrong[at] ^= 0x04;
            Files.write(file, wrong);
            assertNull(archive.read(), "byte " + at);
        }
    }

    @Test
    void holdsNothingElse() throws IOException {
        for (Object foreign : List.of("text", Map.of("Names", List.of("a")), new Position("f", 1, 1))) {
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
                RecordCodec codec = new RecordCodec("");
                out.writeUTF("this build");
                codec.write(foreign, out);
                codec.write(foreign, out);
            }
            assertNull(archive.read(), foreign.toString());
        }
    }

    @Test
    void isAsGoodAsTheTextsBesideTheUsersRules() throws IOException {
        archive.write(RuleLoader.packs());
        Path rules = Files.writeString(directory.resolve("own.drl"), """
                package own;
                rule "Shell" @id("own-shell") @severity("info") @description("A shell.") @message("{process.name}")
                when $exec : ProcessExec( process.name memberOf ShellNames ) then alert( $exec ); end
                """);
        Path broken = Files.writeString(directory.resolve("broken.drl"), "package own;\nrule");

        for (List<Path> paths : List.of(List.<Path>of(), List.of(rules), List.of(broken, rules))) {
            RuleSet fromText = RuleLoader.builtInAnd(paths, null);
            RuleSet kept = RuleLoader.builtInAnd(paths, archive);
            assertEquals(fromText.rules(), kept.rules());
            assertEquals(fromText.refused(), kept.refused());
            assertEquals(fromText.warnings(), kept.warnings());
            assertEquals(fromText.lists(), kept.lists());
        }
    }

    @Test
    void isOfNoUseWhereAListIsChanged() throws IOException {
        archive.write(RuleLoader.packs());
        Path lists = Files.writeString(directory.resolve("own.lists.yaml"), "ShellNames: [only-this-one]\n");

        RuleSet changed = RuleLoader.builtInAnd(List.of(lists), archive);

        assertEquals(RuleLoader.builtInAnd(List.of(lists), null).rules(), changed.rules());
        assertTrue(changed.rules().stream().anyMatch(r -> r.text().contains("only-this-one")));
    }

    @Test
    void listsOfPacksAreNotChangedByWhoReadsThem() throws IOException {
        archive.write(new PackArchive.Packs(Map.of("Names", List.of("a", 1L, true)), ParsedFile.EMPTY));

        PackArchive.Packs read = archive.read();

        assertEquals(Map.of("Names", List.<Object>of("a", 1L, true)), read == null ? null : read.lists());
    }
}
