// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.eval.EventValue;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.AccumulateFunction;

/**
 * How many different values a field has, as an accumulate function of Drools. A missing value is none.
 */
final class DistinctValues implements AccumulateFunction<DistinctValues.Values> {
    private final EventValue reader;
    private final String text;

    /** How many events have each value. */
    static final class Values implements Serializable {
        private static final long serialVersionUID = 1L;

        private final transient Map<Object, Long> events = new HashMap<>();
    }

    DistinctValues(Operand.Field field) {
        this.reader = EventValue.of(field);
        this.text = field.owner().getName() + " " + field.text();
    }

    @Override
    public Values createContext() {
        return new Values();
    }

    @Override
    public void init(Values values) {
        values.events.clear();
    }

    @Override
    public void accumulate(Values values, Object event) {
        Object value = reader.get((KernelEvent) event);
        if (value != null) {
            values.events.merge(value, 1L, Long::sum);
        }
    }

    @Override
    public void reverse(Values values, Object event) {
        Object value = reader.get((KernelEvent) event);
        if (value != null) {
            values.events.computeIfPresent(value, (v, count) -> count == 1 ? null : count - 1);
        }
    }

    @Override
    public Object getResult(Values values) {
        return (long) values.events.size();
    }

    @Override
    public boolean supportsReverse() {
        return true;
    }

    @Override
    public Class<?> getResultType() {
        return Long.class;
    }

    /** Drools shares nodes of equal functions. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DistinctValues values && values.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public void writeExternal(ObjectOutput out) {
        throw new UnsupportedOperationException("a knowledge base is never written");
    }

    @Override
    public void readExternal(ObjectInput in) {
        throw new UnsupportedOperationException("a knowledge base is never read");
    }
}
