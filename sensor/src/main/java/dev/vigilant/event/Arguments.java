// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * argv that also knows itself as one line, which is joined when it is first asked for. Forks share it with their parent.
 *
 * <p>Threading: any; two threads may both join the line, and join the same.
 */
final class Arguments extends AbstractList<String> implements RandomAccess {
    private static final Arguments NONE = new Arguments(List.of());

    private final List<String> values;
    private @Nullable String line;
    private @Nullable String tail;
    private @Nullable Named named;

    /** The tail after the name it was last asked for with. */
    private record Named(String name, String line) {}

    private Arguments(List<String> values) {
        this.values = values;
    }

    static Arguments copyOf(List<String> args) {
        if (args instanceof Arguments same) {
            return same;
        }
        return args.isEmpty() ? NONE : new Arguments(List.copyOf(args));
    }

    /** The arguments joined by blanks. */
    String line() {
        String joined = line;
        if (joined == null) {
            joined = String.join(" ", values);
            line = joined;
        }
        return joined;
    }

    /** All but the first, joined by blanks. */
    String tail() {
        String joined = tail;
        if (joined == null) {
            joined = values.size() < 2 ? "" : String.join(" ", values.subList(1, values.size()));
            tail = joined;
        }
        return joined;
    }

    /** A name and the tail, joined by a blank. */
    String tailAfter(String name) {
        Named last = named;
        if (last == null || !last.name.equals(name)) {
            String rest = tail();
            last = new Named(name, rest.isEmpty() ? name : name + " " + rest);
            named = last;
        }
        return last.line;
    }

    @Override
    public String get(int index) {
        return values.get(index);
    }

    @Override
    public int size() {
        return values.size();
    }
}
