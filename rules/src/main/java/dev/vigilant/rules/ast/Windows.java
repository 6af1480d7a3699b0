// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far apart the events of a match can be, from the temporal conditions of a rule's patterns: the shortest paths of
 * their differences. Only conditions that hold on their own count; what stands below {@code ||} or {@code !} does not.
 */
public final class Windows {
    /** No bound. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private final List<Pattern> patterns;
    private final List<Integer> each = new ArrayList<>();
    private final long[] retention;

    public Windows(List<Pattern> patterns) {
        this.patterns = patterns;
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).quantifier() == Pattern.Quantifier.EACH) {
                each.add(i);
            }
        }
        this.retention = new long[patterns.size()];
        for (int i = 0; i < patterns.size(); i++) {
            retention[i] = retentionOf(i);
        }
    }

    /** How long after its own time an event of the pattern can still be needed, in nanoseconds; 0 if it is the newest. */
    public long retention(int pattern) {
        return retention[pattern];
    }

    /** Whether an event of the pattern is never newer than some event that each match has. */
    public boolean inThePast(int pattern) {
        long[][] ahead = bounds(pattern);
        return each.stream().anyMatch(j -> j != pattern && ahead[j][pattern] <= 0);
    }

    /** Whether each match has an event of the one pattern, and it is never newer than that of the other, but may be older. */
    public boolean isBefore(int pattern, int other) {
        if (pattern == other || !each.contains(pattern)) {
            return false;
        }
        long[][] later = bounds(other);
        return later[other][pattern] <= 0 && later[pattern][other] > 0;
    }

    private long retentionOf(int pattern) {
        long longest = 0;
        long[][] ahead = bounds(pattern);
        for (int j : each) {
            longest = Math.max(longest, ahead[pattern][j]);
        }
        for (int q = 0; q < patterns.size(); q++) {
            if (patterns.get(q).quantifier() == Pattern.Quantifier.EXISTS && each.contains(pattern)) {
                longest = Math.max(longest, bounds(q)[pattern][q]);
            }
        }
        return longest;
    }

    /** {@code [i][j]}: how much later than {@code i} the event of {@code j} can be, with one asked-for pattern at most. */
    private long[][] bounds(int asked) {
        int n = patterns.size();
        long[][] later = new long[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(later[i], UNBOUNDED);
            later[i][i] = 0;
        }
        for (int j = 0; j < n; j++) {
            if (j != asked && !each.contains(j)) {
                continue;
            }
            for (Condition condition : patterns.get(j).conditions()) {
                narrow(later, j, condition);
            }
        }
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    later[i][j] = Math.min(later[i][j], sum(later[i][k], later[k][j]));
                }
            }
        }
        return later;
    }

    private void narrow(long[][] later, int j, Condition condition) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(part -> narrow(later, j, part));
        } else if (condition instanceof Condition.Within within) {
            int i = indexOf(within.binding());
            later[i][j] = Math.min(later[i][j], within.maxNanos());
            later[j][i] = Math.min(later[j][i], -within.minNanos());
        }
    }

    private int indexOf(String binding) {
        for (int i = 0; i < patterns.size(); i++) {
            if (binding.equals(patterns.get(i).binding())) {
                return i;
            }
        }
        throw new IllegalArgumentException("no pattern is bound to " + binding);
    }

    private static long sum(long a, long b) {
        return a == UNBOUNDED || b == UNBOUNDED ? UNBOUNDED : a + b;
    }
}
