// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import java.util.ArrayList;
import java.util.List;

/** What one judge says of an event. Belongs to its thread until the slot is handed on. */
public final class Findings {
    private boolean wanted;
    private final List<Match> matches = new ArrayList<>();

    /** Says that a rule could want the event. */
    public void want() {
        wanted = true;
    }

    /** Whether any rule could want the event. */
    public boolean wanted() {
        return wanted;
    }

    /** Matches so far; the judge adds. */
    public List<Match> matches() {
        return matches;
    }

    void clear() {
        wanted = false;
        if (!matches.isEmpty()) {
            matches.clear();
        }
    }
}
