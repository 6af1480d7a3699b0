// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.translate;

import dev.vigilant.rules.ast.Position;

/** Something that cannot be taken; the message says what to write instead. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final String reason;

    public RefusedException(Position position, String reason) {
        super(reason);
        this.position = position;
        this.reason = reason;
    }

    public Position position() {
        return position;
    }

    public String reason() {
        return reason;
    }
}
