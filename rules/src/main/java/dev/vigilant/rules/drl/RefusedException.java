// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;

/** Something that the rule language does not have; the message says what to write instead. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final String reason;

    RefusedException(Position position, String reason) {
        super(reason);
        this.reason = reason;
        this.position = position;
    }

    String reason() {
        return reason;
    }

    Position position() {
        return position;
    }
}
