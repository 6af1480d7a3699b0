// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What a field of Sigma is in the events of a view. */
sealed interface Target {
    /** The field is not in such events. */
    Target ABSENT = new Absent();

    /**
     * Texts of which one has to fit.
     *
     * @param cased whether they are compared with their case even where the rule does not say so
     */
    record Texts(List<Operand.Field> fields, boolean cased) implements Target {
        public Texts {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A number.
     *
     * @param reader what a text of the rule stands for, empty for what is no such number
     * @param what how messages call it
     * @param strict whether other texts are mistakes; else they are never equal to it
     */
    record Number(Operand.Field field, Function<String, OptionalLong> reader, String what, boolean strict)
            implements Target {}

    /** An address. */
    record Address(Operand.Field field) implements Target {}

    /** One of few texts, each with the condition under which it is that one. */
    record Choice(Map<String, Condition> texts) implements Target {
        public Choice {
            texts = Map.copyOf(texts);
        }
    }

    /** Not in such events, as in Sigma's log source. */
    record Absent() implements Target {}

    /** Vigilant does not know it. */
    record Unknown(String why) implements Target {}
}
