// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.rules.sigma.SigmaReader;

/**
 * The text of a rule or list file.
 *
 * @param name how messages call it: a path, or {@code builtin:} and a name; it ends in {@code .drl}, in {@code .lists.yaml},
 *     or, for rules of Falco and Sigma, in {@code .yaml} or {@code .yml} otherwise
 * @param text the content
 */
public record RuleSource(String name, String text) {
    /** Ending of list files. */
    public static final String LISTS = ".lists.yaml";
    /** Ending of rule files. */
    public static final String RULES = ".drl";

    boolean lists() {
        return name.endsWith(LISTS);
    }

    /** Tests of rules lie beside them, and are none. */
    boolean foreign() {
        return !lists() && !name.endsWith(".test.yaml") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    boolean sigma() {
        return foreign() && SigmaReader.isSigma(text);
    }

    boolean falco() {
        return foreign() && !sigma();
    }
}
