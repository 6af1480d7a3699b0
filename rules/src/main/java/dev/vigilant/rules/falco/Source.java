// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** A rule file's text, and where its lines begin. */
final class Source {
    private final String file;
    private final String text;
    private final int[] lines;

    Source(String file, String text) {
        this.file = file;
        this.text = text;
        this.lines = IntStream.range(0, text.length() + 1)
                .filter(i -> i == 0 || text.charAt(i - 1) == '\n')
                .toArray();
    }

    String file() {
        return file;
    }

    String text() {
        return text;
    }

    int offset(Mark mark) {
        return Math.min(lines[Math.min(mark.getLine(), lines.length - 1)] + mark.getColumn(), text.length());
    }

    Position position(int offset) {
        int found = Arrays.binarySearch(lines, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Position(file, line + 1, offset - lines[line] + 1);
    }
}
