// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.FactHandle;

/** An event that a later one may complete a match with. Belongs to the session's thread. */
final class Remembered {
    final KernelEvent event;
    /** In the order in which they came. */
    final long number;
    /** Of the working memory, null while it is not in there. */
    @Nullable
    FactHandle handle;
    /** Among the counted ones, null while it is not there. */
    @Nullable
    FactHandle counted;
    /** How many memories hold it. */
    int holders;
    /** How many of them do not hold it only to count it. */
    int joined;

    Remembered(KernelEvent event, long number) {
        this.event = event;
        this.number = number;
    }
}
