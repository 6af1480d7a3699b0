// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

/**
 * Something that is wrong in a rule or list file.
 *
 * @param rule the rule's name, empty when it is about the file
 * @param position where
 * @param reason what is wrong and what to write instead
 */
public record Problem(String rule, Position position, String reason) {
    @Override
    public String toString() {
        return position + ": " + (rule.isEmpty() ? "" : "rule \"" + rule + "\": ") + reason;
    }
}
