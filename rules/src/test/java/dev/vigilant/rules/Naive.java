// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The slow and obvious reading of conditions: reflection, lists everywhere, java.util.regex. */
final class Naive {
    final Map<String, KernelEvent> events = new HashMap<>();

    Naive with(String binding, KernelEvent event) {
        Naive more = new Naive();
        more.events.putAll(events);
        more.events.put(binding, event);
        return more;
    }

    boolean holds(Condition condition, KernelEvent event) {
        if (condition instanceof Condition.And and) {
            return and.parts().stream().allMatch(p -> holds(p, event));
        }
        if (condition instanceof Condition.Or or) {
            return or.parts().stream().anyMatch(p -> holds(p, event));
        }
        if (condition instanceof Condition.Not not) {
            return !holds(not.part(), event);
        }
        if (condition instanceof Condition.Present present) {
            return !values(present.field(), event).isEmpty();
        }
        if (condition instanceof Condition.Holds holds) {
            return values(holds.field(), event).contains(Boolean.TRUE);
        }
        if (condition instanceof Condition.Same same) {
            return events.get(same.binding()) == event;
        }
        if (condition instanceof Condition.Within within) {
            KernelEvent other = events.get(within.binding());
            long later = event.context().timeNanos() - other.context().timeNanos();
            return (other != event || within.itself()) && later >= within.minNanos() && later <= within.maxNanos();
        }
        Condition.Comparison c = (Condition.Comparison) condition;
        List<Object> right =
                c.right() instanceof Operand.Literals l ? l.values() : values((Operand.Field) c.right(), event);
        return values(c.left(), event).stream().anyMatch(a -> right.stream().anyMatch(b -> fits(c, a, b)));
    }

    private static boolean fits(Condition.Comparison c, Object a, Object b) {
        Operator operator = c.operator();
        boolean element = operator == Operator.CONTAINS && c.left().type().many();
        return switch (operator) {
            case EQUAL, IN -> a.equals(b);
            case LESS -> (Long) a < (Long) b;
            case LESS_OR_EQUAL -> (Long) a <= (Long) b;
            case GREATER -> (Long) a > (Long) b;
            case GREATER_OR_EQUAL -> (Long) a >= (Long) b;
            case CONTAINS -> element ? a.equals(b) : ((String) a).contains((String) b);
            case SUBSTRING -> ((String) a).contains((String) b);
            case STARTS_WITH -> ((String) a).startsWith((String) b);
            case ENDS_WITH -> ((String) a).endsWith((String) b);
            case UNDER -> (a + "/").startsWith(((String) b).endsWith("/") ? (String) b : b + "/");
            case MATCHES -> ((String) a).matches((String) b);
            case IN_NETWORK -> network((String) a, (String) b);
        };
    }

    private static boolean network(String address, String network) {
        try {
            String[] parts = network.split("/");
            byte[] a = InetAddress.getByName(address).getAddress();
            byte[] b = InetAddress.getByName(parts[0]).getAddress();
            int shift = b.length * 8 - (parts.length > 1 ? Integer.parseInt(parts[1]) : b.length * 8);
            return a.length == b.length
                    && new BigInteger(1, a).shiftRight(shift).equals(new BigInteger(1, b).shiftRight(shift));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    List<Object> values(Operand.Field field, KernelEvent event) {
        List<Object> values = List.of(field.binding() == null ? event : events.get(field.binding()));
        for (String step : field.steps()) {
            if (step.matches("[0-9]+")) {
                int index = Integer.parseInt(step);
                values = index < values.size() ? List.of(values.get(index)) : List.of();
                continue;
            }
            List<Object> next = new ArrayList<>();
            for (Object value : values) {
                Object read = read(value, step);
                if (read instanceof List<?> list) {
                    next.addAll(list);
                } else if (read != null) {
                    next.add(read instanceof Integer i ? Long.valueOf(i) : read);
                }
            }
            values = next;
        }
        return values;
    }

    private static Object read(Object value, String accessor) {
        if (value instanceof Map<?, ?> map) {
            return map.get(accessor);
        }
        try {
            Method method = value.getClass().getMethod(accessor);
            return method.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
