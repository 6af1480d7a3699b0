// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * What a runtime's state files said about a container; feeds the container table, not the rules.
 *
 * @param context when, who, and with what result
 * @param description the container as its runtime describes it
 */
public record ContainerSnapshot(Context context, Container description) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.CONTAINER_SNAPSHOT;
    }
}
