// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

/** A path that leads nowhere; the message says where it went wrong and what was probably meant. */
public final class UnknownFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnknownFieldException(String message) {
        super(message);
        this.reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
