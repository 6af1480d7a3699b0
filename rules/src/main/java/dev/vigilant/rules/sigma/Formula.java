// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import java.util.List;

/** What joins the selections of a rule. */
sealed interface Formula {
    /** All hold. */
    record And(List<Formula> parts) implements Formula {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** One holds. */
    record Or(List<Formula> parts) implements Formula {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold. */
    record Not(Formula part) implements Formula {}

    /** A selection by its name. */
    record Name(String name) implements Formula {}
}
