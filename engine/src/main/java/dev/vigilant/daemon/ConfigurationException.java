// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

/** Something that the user gave is wrong; the message says what and how to mend it. Exit code 2. */
final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }

    ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
