// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

/**
 * A place in a rule or list file.
 *
 * @param file the file's name as the user gave it
 * @param line line, from 1
 * @param column column, from 1; 0 where only the line is known
 */
public record Position(String file, int line, int column) {
    /** A place of which only the line is known. */
    public static Position ofLine(String file, int line) {
        return new Position(file, line, 0);
    }

    @Override
    public String toString() {
        return file + ":" + line + (column > 0 ? ":" + column : "");
    }
}
