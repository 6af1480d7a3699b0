// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.EventTest;
import org.drools.model.functions.HashedExpression;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;
import org.drools.model.functions.Predicate3;
import org.drools.model.functions.Predicate4;

/**
 * A condition as Drools' network calls it: it never throws, because an exception within the network would leave it half
 * updated, and its hash is the canonical text, so that equal conditions share a node.
 */
final class Guarded {
    private final EventTest test;
    private final String text;
    private final int rule;
    private final MatchSink sink;

    Guarded(EventTest test, String text, int rule, MatchSink sink) {
        this.test = test;
        this.text = text;
        this.rule = rule;
        this.sink = sink;
    }

    private boolean decide(KernelEvent event, KernelEvent[] bound) {
        boolean timed = sink.asks(rule);
        long start = timed ? System.nanoTime() : 0;
        try {
            return test.test(event, bound);
        } catch (RuntimeException e) {
            sink.failed(rule, e);
            return false;
        } finally {
            if (timed) {
                sink.took(rule, System.nanoTime() - start);
            }
        }
    }

    /** On the pattern's own event. */
    One one() {
        return new One(this);
    }

    /** With one other event. */
    Two two() {
        return new Two(this);
    }

    /** With two other events. */
    Three three() {
        return new Three(this);
    }

    /** With three other events. */
    Four four() {
        return new Four(this);
    }

    /** Arity 1. */
    record One(Guarded guarded) implements Predicate1<KernelEvent>, HashedExpression {
        @Override
        public boolean test(KernelEvent event) {
            return guarded.decide(event, EventTest.NONE);
        }

        @Override
        public String getExpressionHash() {
            return guarded.text;
        }
    }

    /** Arity 2. */
    record Two(Guarded guarded) implements Predicate2<KernelEvent, KernelEvent>, HashedExpression {
        @Override
        public boolean test(KernelEvent event, KernelEvent a) {
            return guarded.decide(event, new KernelEvent[] {a});
        }

        @Override
        public String getExpressionHash() {
            return guarded.text;
        }
    }

    /** Arity 3. */
    record Three(Guarded guarded) implements Predicate3<KernelEvent, KernelEvent, KernelEvent>, HashedExpression {
        @Override
        public boolean test(KernelEvent event, KernelEvent a, KernelEvent b) {
            return guarded.decide(event, new KernelEvent[] {a, b});
        }

        @Override
        public String getExpressionHash() {
            return guarded.text;
        }
    }

    /** Arity 4. */
    record Four(Guarded guarded)
            implements Predicate4<KernelEvent, KernelEvent, KernelEvent, KernelEvent>, HashedExpression {
        @Override
        public boolean test(KernelEvent event, KernelEvent a, KernelEvent b, KernelEvent c) {
            return guarded.decide(event, new KernelEvent[] {a, b, c});
        }

        @Override
        public String getExpressionHash() {
            return guarded.text;
        }
    }
}
