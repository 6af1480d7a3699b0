// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import org.kie.api.runtime.rule.FactHandle;

/** A part of working memory. */
public interface Facts {
    /** Puts an event into it. */
    FactHandle insert(KernelEvent event);

    /** Takes it out again. */
    void delete(FactHandle handle);
}
