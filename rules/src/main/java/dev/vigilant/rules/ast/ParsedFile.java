// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.List;

/**
 * What one rule file gave.
 *
 * @param rules the rules that can run
 * @param refused what cannot
 * @param warnings what runs but looks wrong
 */
public record ParsedFile(List<Rule> rules, List<Problem> refused, List<Problem> warnings) {
    /** Nothing. */
    public static final ParsedFile EMPTY = new ParsedFile(List.of(), List.of(), List.of());

    public ParsedFile {
        rules = List.copyOf(rules);
        refused = List.copyOf(refused);
        warnings = List.copyOf(warnings);
    }
}
