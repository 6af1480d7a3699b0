// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.Capabilities;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Comparisons of capabilities, a text of names for Falco, with parts of names: here each is a test of bits. */
final class CapabilityNames {
    private static final String MODULE = "CAP_SYS_MODULE";

    private CapabilityNames() {}

    /** The verdict of a check on such a value. */
    static Verdict compare(Value.CapabilitySet capabilities, Filter.Check check) throws RefusedException {
        if (check.operator().equals("exists")) {
            return Verdict.of(capabilities.known());
        }
        if (!Set.of("contains", "icontains").contains(check.operator())) {
            throw Comparisons.refused(check, "capabilities are asked for with contains, one at a time");
        }
        Position position = check.position();
        List<Verdict> parts = new ArrayList<>();
        for (String value : check.values()) {
            String wanted = check.operator().equals("icontains") ? value.toUpperCase(Locale.ROOT) : value;
            long mask = mask(wanted);
            parts.add(
                    mask == 0
                            ? Verdict.unknown(
                                    "`" + check.field().text() + "`: no capability has `" + value + "` in its name",
                                    position)
                            : Verdict.of(holds(capabilities, mask, MODULE.contains(wanted), position)));
        }
        return Verdict.or(parts, position);
    }

    private static long mask(String wanted) {
        long mask = 0;
        for (int number = 0; number < Capabilities.NAMES.size(); number++) {
            mask |= Capabilities.NAMES.get(number).contains(wanted) ? 1L << number : 0;
        }
        return mask;
    }

    /** What is not known has no bits, and fits nothing. */
    private static Condition holds(Value.CapabilitySet capabilities, long mask, boolean module, Position position) {
        Operand.Field set = capabilities.set();
        Operand.Field bits = new Operand.Field(null, set.owner(), set.steps(), set.type(), mask);
        Condition none = new Condition.Comparison(bits, Operator.EQUAL, Operand.Literals.of(0L), position);
        Condition some = Logic.and(List.of(capabilities.known(), Logic.not(none)), position);
        return module ? Logic.or(List.of(capabilities.module(), some), position) : some;
    }
}
