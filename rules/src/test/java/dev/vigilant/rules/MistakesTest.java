// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.TestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken files of all kinds, each with the message that says where, what and what to do about it. The table is in {@code
 * src/test/mistakes.txt}; {@link RefusalTest} has more of the rule language's own.
 */
class MistakesTest {
    private static final Path TABLE = Path.of("src/test/mistakes.txt");

    /** Blocks of a file's name after ###, its text, and what has to be said after >>>. */
    static Stream<Arguments> table() throws IOException {
        List<Arguments> rows = new ArrayList<>();
        for (String block : Files.readString(TABLE).split("(?m)^### ")) {
            if (!block.startsWith("#") && !block.isBlank()) {
                int line = block.indexOf('\n');
                int said = block.indexOf("\n>>> ");
                rows.add(Arguments.of(
                        block.substring(0, line).strip(),
                        block.substring(line + 1, Math.max(line + 1, said + 1)),
                        block.substring(said + 5).strip()));
            }
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("table")
    void saysWhereWhatAndWhatToDo(String file, String text, String message) {
        assertThat(problems(file, text)).first().asString().isEqualTo(message);
    }

    private static List<Problem> problems(String file, String text) {
        List<Problem> problems = new ArrayList<>();
        if (file.endsWith(TestReader.SUFFIX)) {
            TestReader.read(Path.of(file), text, Events.START, problems::add);
        } else if (file.startsWith("site")) {
            RuleSet tuned =
                    Rules.sound(Rules.rule("a", "$e : FileOpen( write )")).tuned(file, text, Events.START);
            problems.addAll(tuned.refused());
            problems.addAll(tuned.warnings());
        } else {
            RuleSet set = RuleLoader.load(List.of(new RuleSource(file, text), Rules.LISTS));
            problems.addAll(set.refused());
            problems.addAll(set.warnings());
        }
        return problems;
    }
}
