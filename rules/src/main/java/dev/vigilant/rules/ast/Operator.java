// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

/**
 * The positive comparisons; each negative operator is a {@link Condition.Not} around one of them.
 *
 * <p>All are false when a side is missing. With several values on the left one that fits is enough; with several on the
 * right, one that is fitted is enough.
 */
public enum Operator {
    EQUAL("=="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    /** Equal to one of the values on the right. */
    IN("in"),
    /** Text contains text; a list contains an element. */
    CONTAINS("contains"),
    /** Text, or an element of a list, contains text. */
    SUBSTRING("str[contains]"),
    STARTS_WITH("str[startsWith]"),
    ENDS_WITH("str[endsWith]"),
    /** A path is the directory on the right, or lies below it. */
    UNDER("str[under]"),
    /** The whole text matches an RE2 expression. */
    MATCHES("matches"),
    /** An IP address is the address on the right, or lies in the network on the right ({@code 10.0.0.0/8}). */
    IN_NETWORK("str[inNetwork]");

    private final String label;

    Operator(String label) {
        this.label = label;
    }

    /** As rules write it. */
    public String label() {
        return label;
    }

    /** Whether it compares sizes, so that only numbers have it. */
    public boolean ordering() {
        return this == LESS || this == LESS_OR_EQUAL || this == GREATER || this == GREATER_OR_EQUAL;
    }

    /** Whether it is about text only. */
    public boolean textual() {
        return this == SUBSTRING
                || this == STARTS_WITH
                || this == ENDS_WITH
                || this == UNDER
                || this == MATCHES
                || this == IN_NETWORK;
    }
}
