// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The part of an event that alone decides a condition: what was found of it holds for all events that have the same part.
 *
 * @param ofProcess whether it is the process and its container; both are immutable
 * @param text the field of one text that it is, empty when it is not
 */
record Subject(boolean ofProcess, String text) {
    private static final Set<String> OF_PROCESS = Set.of("process", "container");
    private static final Subject PROCESS = new Subject(true, "");
    private static final Subject EVENT = new Subject(false, "");

    /** The subject of a condition on that kind of events. */
    static Subject of(Class<? extends KernelEvent> event, Condition condition) {
        List<Operand.Field> fields = new ArrayList<>();
        collect(condition, fields::add);
        if (fields.stream()
                .allMatch(f ->
                        !f.steps().isEmpty() && OF_PROCESS.contains(f.steps().get(0)))) {
            return PROCESS;
        }
        Set<String> texts = new HashSet<>();
        for (Operand.Field field : fields) {
            List<String> whole = whole(event, field.steps());
            boolean single = !whole.isEmpty() && isText(EventField.of(event, whole, Operand.Field.NO_MASK));
            texts.add(single ? String.join(".", whole) : "");
        }
        return texts.size() == 1 ? new Subject(false, texts.iterator().next()) : EVENT;
    }

    private static boolean isText(EventField field) {
        return field.path().type().kind() == FieldType.Kind.STRING
                && !field.many()
                && !field.path().allocates();
    }

    private static void collect(Condition condition, Consumer<Operand.Field> fields) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(part -> collect(part, fields));
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(part -> collect(part, fields));
        } else if (condition instanceof Condition.Not not) {
            collect(not.part(), fields);
        } else if (condition instanceof Condition.Comparison comparison) {
            fields.accept(comparison.left());
            if (comparison.right() instanceof Operand.Field right) {
                fields.accept(right);
            }
        } else if (condition instanceof Condition.Present present) {
            fields.accept(present.field());
        } else if (condition instanceof Condition.Holds holds) {
            fields.accept(holds.field());
        }
    }

    /** The field that this one is a part of: the path, of a file's name and directory. Other fields are whole. */
    static List<String> whole(Class<? extends KernelEvent> event, List<String> steps) {
        if (!isPartOfPath(event, steps)) {
            return steps;
        }
        List<String> path = new ArrayList<>(steps.subList(0, steps.size() - 1));
        path.add("path");
        return path;
    }

    /** Name and directory of a file are the ends of its path, which need not be cut off to be looked at. */
    static boolean isPartOfPath(Class<? extends KernelEvent> event, List<String> steps) {
        return steps.size() > 1
                && List.of("name", "directory").contains(steps.get(steps.size() - 1))
                && EventField.of(event, steps.subList(0, steps.size() - 1), Operand.Field.NO_MASK)
                                .path()
                                .leadsTo()
                        == FileTarget.class;
    }
}
