// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.event.KernelEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a constraint may mean.
 *
 * @param type the event of the pattern
 * @param binding the pattern's own binding, null if none
 * @param earlier bindings of earlier patterns
 * @param lists all lists
 * @param counted whether the pattern's events are counted
 */
record Scope(
        Class<? extends KernelEvent> type,
        @Nullable String binding,
        Map<String, Class<? extends KernelEvent>> earlier,
        Map<String, List<Object>> lists,
        boolean counted) {}
