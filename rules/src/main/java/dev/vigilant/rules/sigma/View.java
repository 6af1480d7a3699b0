// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import java.util.function.Function;

/**
 * Events of one kind as a log source has them.
 *
 * @param kind the kind
 * @param base what makes such an event one of the log source
 * @param fields what a field is
 * @param keywords what a keyword is looked for in
 */
record View(EventKind kind, Condition base, Function<String, Target> fields, Target keywords) {
    Target field(String name) {
        return fields.apply(name);
    }
}
