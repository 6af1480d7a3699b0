// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.text.Network;

/** Checks that a comparison makes sense before anything is made of it. */
final class Typing {
    private Typing() {}

    /** A field that stands alone. */
    static Condition holds(Operand.Field field, Position position) throws RefusedException {
        if (field.type().kind() != FieldType.Kind.BOOLEAN || field.type().many()) {
            throw new RefusedException(
                    position,
                    "`" + field.text() + "` is " + field.type().label() + ", no condition: compare it, or write `"
                            + field.text() + " != null`");
        }
        return new Condition.Holds(field, position);
    }

    /** A comparison whose sides fit. */
    static Condition comparison(Operand.Field left, Operator operator, Operand right, Position position)
            throws RefusedException {
        FieldType.Kind kind = left.type().kind();
        if (left.steps().isEmpty()) {
            throw new RefusedException(
                    position, "`" + left.text() + "` is an event: compare one of its fields with " + operator.label());
        }
        if (operator.ordering() && kind != FieldType.Kind.NUMBER) {
            throw mismatch(left, operator, "only numbers have an order", position);
        }
        if (operator.textual() && kind != FieldType.Kind.STRING) {
            throw mismatch(left, operator, "only text can be searched", position);
        }
        if (operator == Operator.CONTAINS && !left.type().many() && kind != FieldType.Kind.STRING) {
            throw mismatch(left, operator, "only text and lists contain something", position);
        }
        if (right instanceof Operand.Literals literals) {
            checkLiterals(left, operator, literals, position);
        } else if (right instanceof Operand.Field field) {
            checkFields(left, operator, field, position);
        }
        return new Condition.Comparison(left, operator, right, position);
    }

    private static void checkLiterals(
            Operand.Field left, Operator operator, Operand.Literals literals, Position position)
            throws RefusedException {
        for (Object value : literals.values()) {
            FieldType.Kind kind = kindOf(value);
            if (kind != left.type().kind()) {
                throw mismatch(left, operator, Operand.Literals.of(value).text() + " is " + kind.label(), position);
            }
            if (operator == Operator.MATCHES) {
                checkExpression((String) value, position);
            }
            if (operator == Operator.IN_NETWORK && Network.parse((String) value).isEmpty()) {
                throw new RefusedException(
                        position,
                        Operand.Literals.of(value).text() + " is no network: write 10.0.0.0/8, fd00::/8 or an address");
            }
        }
        if (literals.values().isEmpty() && operator != Operator.IN) {
            throw new RefusedException(position, "an empty list on the right of " + operator.label());
        }
    }

    private static void checkFields(Operand.Field left, Operator operator, Operand.Field right, Position position)
            throws RefusedException {
        if (operator == Operator.MATCHES) {
            throw new RefusedException(
                    position, "the expression of `matches` has to stand in the rule, as a string or a list");
        }
        if (right.steps().isEmpty()) {
            throw new RefusedException(position, "`" + right.text() + "` is an event: name one of its fields");
        }
        if (right.type().kind() != left.type().kind()) {
            throw mismatch(
                    left, operator, "`" + right.text() + "` is " + right.type().label(), position);
        }
    }

    private static void checkExpression(String expression, Position position) throws RefusedException {
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new RefusedException(
                    position, "RE2 does not take the expression \"" + expression + "\": " + e.getDescription());
        }
    }

    private static RefusedException mismatch(Operand.Field left, Operator operator, String but, Position position) {
        return new RefusedException(
                position,
                "`" + left.text() + "` is " + left.type().label() + " and cannot be compared with " + operator.label()
                        + ": " + but
                        + (left.type().kind() == FieldType.Kind.OBJECT ? "; name one of its fields" : ""));
    }

    private static FieldType.Kind kindOf(Object value) {
        if (value instanceof String) {
            return FieldType.Kind.STRING;
        }
        return value instanceof Long ? FieldType.Kind.NUMBER : FieldType.Kind.BOOLEAN;
    }
}
