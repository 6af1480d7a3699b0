// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import org.jspecify.annotations.Nullable;

/**
 * The node, as alerts name it.
 *
 * @param name host name
 * @param id machine id, null if not known
 * @param kernel kernel release, null if not known
 * @param architecture as uname says, null if not known
 */
public record Host(
        String name,
        @Nullable String id,
        @Nullable String kernel,
        @Nullable String architecture) {}
