// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

/** Whether something works on this node; if not, why, and what would help. */
public sealed interface Support {
    /**
     * It works.
     *
     * @param detail what a reader may want to know
     */
    record Supported(String detail) implements Support {}

    /**
     * The kernel or the machine cannot do it.
     *
     * @param reason one sentence
     */
    record Unsupported(String reason) implements Support {}

    /**
     * It could work, and does not now.
     *
     * @param reason one sentence
     * @param remedy what to do
     */
    record Unavailable(String reason, String remedy) implements Support {}
}
