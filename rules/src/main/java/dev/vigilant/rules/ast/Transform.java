// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

/** What is made of a field's text before it is compared. What cannot be made is missing. */
public enum Transform {
    /** ASCII letters in lower case; others stay. */
    LOWER("lower"),
    /** ASCII letters in upper case; others stay. */
    UPPER("upper"),
    /** The text that base64 stands for; missing when it is no base64. */
    BASE64("base64"),
    /** What follows the last slash. */
    BASENAME("basename"),
    /** How many bytes it has in UTF-8: a number. */
    LENGTH("length");

    private final String label;

    Transform(String label) {
        this.label = label;
    }

    /** As messages write it. */
    public String label() {
        return label;
    }
}
