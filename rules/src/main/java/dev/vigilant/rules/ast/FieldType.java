// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

/**
 * What a field of an event holds.
 *
 * @param kind what one value is
 * @param many whether there may be several values, because the field is a list or lies behind one
 */
public record FieldType(Kind kind, boolean many) {
    /** What one value is. */
    public enum Kind {
        /** Text; enumerations count as their lower-case label. */
        STRING("text"),
        /** A whole number, widened to 64 bits. */
        NUMBER("a number"),
        /** True or false. */
        BOOLEAN("true or false"),
        /** A structure: it has fields of its own, and can only be asked whether it is there. */
        OBJECT("a structure");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** How messages call it. */
        public String label() {
            return label;
        }
    }

    /** How messages call it. */
    public String label() {
        return many ? "a list of " + kind.label().replaceFirst("^an? ", "") + " values" : kind.label();
    }
}
