// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Comparisons of what Falco has and Vigilant makes of other fields of the event. */
final class MadeValues {
    private static final int SHORT_ID = 12;

    private final Accounts accounts;

    MadeValues(Accounts accounts) {
        this.accounts = accounts;
    }

    /** The verdict of a check on such a value. */
    Verdict compare(Value value, Filter.Check check) throws RefusedException {
        try {
            if (value instanceof Value.Address address) {
                return Verdict.of(Comparisons.address(address.field(), check));
            }
            if (value instanceof Value.Directory directory) {
                return Verdict.of(directory(directory.field(), check));
            }
            if (value instanceof Value.Named named) {
                return Verdict.of(named(named, check));
            }
            if (value instanceof Value.Flags flags) {
                return flags(flags, check);
            }
            if (value instanceof Value.Choice choice) {
                return choice(choice, check);
            }
            if (value instanceof Value.Account account) {
                return account(account, check);
            }
            if (value instanceof Value.Descriptor descriptor) {
                return Verdict.of(descriptor(descriptor, check));
            }
            if (value instanceof Value.ContainerId id) {
                return Verdict.of(containerId(id, check));
            }
            if (value instanceof Value.Mount mount) {
                return mount(mount, check);
            }
            return CapabilityNames.compare((Value.CapabilitySet) value, check);
        } catch (Globs.NotTakenException e) {
            throw new RefusedException(check.position(), e.reason());
        }
    }

    /** Falco's directories end in a slash. */
    private static Condition directory(Operand.Field field, Filter.Check check) throws RefusedException {
        List<String> whole = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        for (String value : check.values()) {
            if (value.length() > 1 && value.endsWith("/")) {
                whole.add(value.substring(0, value.length() - 1));
                ends.add(value.substring(0, value.length() - 1));
            } else if (value.equals("/")) {
                whole.add(value);
                ends.add("");
            }
        }
        return switch (check.operator()) {
            case "=", "!=", "in", "intersects" -> Comparisons.of(field, check.with(check.operator(), whole));
            case "startswith" -> either(field, check, "=", whole);
            case "contains" -> either(field, check, "endswith", ends);
            case "endswith" -> Comparisons.of(field, check.with("endswith", ends));
            default -> Comparisons.of(field, check);
        };
    }

    private static Condition either(Operand.Field field, Filter.Check check, String operator, List<String> values)
            throws RefusedException {
        Condition asWritten = Comparisons.of(field, check);
        return values.isEmpty()
                ? asWritten
                : Logic.or(
                        List.of(
                                asWritten,
                                Comparisons.of(field, check.with("in", values).with(operator, values))),
                        check.position());
    }

    private static Condition named(Value.Named named, Filter.Check check)
            throws RefusedException, Globs.NotTakenException {
        Predicate<String> test = TextTest.of(check.operator(), check.values());
        List<Long> numbers = new ArrayList<>();
        named.names().forEach((number, text) -> {
            if (test.test(text)) {
                numbers.add(number);
            }
        });
        numbers.sort(null);
        if (named.notNegative() == null) {
            for (String value : check.values()) {
                if (value.matches("[0-9]{1,18}") && Set.of("=", "!=", "in").contains(check.operator())) {
                    numbers.add(Long.parseLong(value));
                }
            }
        }
        Position position = check.position();
        List<Condition> parts = new ArrayList<>();
        boolean allErrors =
                named.notNegative() != null && numbers.size() == named.names().size();
        parts.add(
                allErrors
                        ? new Condition.Comparison(named.field(), Operator.LESS, Operand.Literals.of(0L), position)
                        : Comparisons.equal(named.field(), numbers, position));
        if (named.notNegative() != null && test.test(named.notNegative())) {
            parts.add(new Condition.Comparison(
                    named.field(), Operator.GREATER_OR_EQUAL, Operand.Literals.of(0L), position));
        }
        Condition fits = Logic.or(parts, position);
        return check.operator().equals("!=") ? Logic.not(fits) : fits;
    }

    /** The text is all names joined: what a name contains, the text contains. */
    private static Verdict flags(Value.Flags flags, Filter.Check check) throws RefusedException {
        if (!Set.of("contains", "icontains").contains(check.operator())) {
            throw Comparisons.refused(check, "flags are asked for with contains, one at a time");
        }
        List<Verdict> parts = new ArrayList<>();
        for (String value : check.values()) {
            long mask = 0;
            String wanted = check.operator().equals("icontains") ? value.toUpperCase(Locale.ROOT) : value;
            for (Map.Entry<Long, String> name : flags.names().entrySet()) {
                mask |= name.getValue().contains(wanted) ? name.getKey() : 0;
            }
            Operand.Field field = flags.field();
            Operand.Field bits = new Operand.Field(null, field.owner(), field.steps(), field.type(), mask);
            parts.add(
                    mask == 0
                            ? Verdict.unknown(
                                    "`" + check.field().text() + "`: the flag `" + value + "` is not known",
                                    check.position())
                            : Verdict.of(Logic.not(new Condition.Comparison(
                                    bits, Operator.EQUAL, Operand.Literals.of(0L), check.position()))));
        }
        return Verdict.or(parts, check.position());
    }

    private static Verdict choice(Value.Choice choice, Filter.Check check) throws Globs.NotTakenException {
        Position position = check.position();
        if (check.operator().equals("exists")) {
            return Verdict.of(choice.known());
        }
        if (Set.of("<", "<=", ">", ">=").contains(check.operator())) {
            return Verdict.unknown(
                    "`" + check.field().text() + "` is only known to be "
                            + choice.texts().keySet() + " or not",
                    position);
        }
        Predicate<String> test = TextTest.of(check.operator(), check.values());
        List<Condition> parts = new ArrayList<>();
        choice.texts().forEach((text, condition) -> {
            if (test.test(text)) {
                parts.add(condition);
            }
        });
        boolean elsewhere = choice.texts().size() == 1
                && check.values().stream().anyMatch(v -> !choice.texts().containsKey(v))
                && check.field().name().startsWith("proc.");
        if (elsewhere) {
            return Verdict.unknown(
                    "`" + check.field().text() + "` is only known to be "
                            + choice.texts().keySet() + " or not",
                    position);
        }
        Condition fits = Logic.or(parts, position);
        return Verdict.of(
                Logic.and(List.of(choice.known(), check.operator().equals("!=") ? Logic.not(fits) : fits), position));
    }

    private Verdict account(Value.Account account, Filter.Check check) {
        Position position = check.position();
        Condition known = Logic.not(Comparisons.equal(account.field(), List.of(-1L), position));
        if (check.operator().equals("exists")) {
            return Verdict.of(known);
        }
        if (!Set.of("=", "!=", "in", "intersects").contains(check.operator())) {
            return Verdict.unknown(
                    "`" + check.field().text() + "`: events have numbers of users, and names are compared with"
                            + " =, != and in alone",
                    position);
        }
        List<Long> numbers = new ArrayList<>();
        boolean missing = false;
        boolean strange = false;
        for (String value : check.values()) {
            OptionalLong number = accounts.number(value, account.group());
            boolean none = value.isEmpty() || value.equals("<NA>") || value.equals("N/A");
            missing |= none;
            number.ifPresent(numbers::add);
            if (number.isEmpty() && value.matches("[0-9]{1,10}")) {
                numbers.add(Long.parseLong(value));
            } else {
                strange |= number.isEmpty() && !none;
            }
        }
        Condition fits = Comparisons.equal(account.field(), numbers, position);
        Condition either = missing ? Logic.or(List.of(Logic.not(known), fits), position) : fits;
        List<Verdict> parts = Verdict.list(Verdict.of(either));
        if (strange) {
            parts.add(Verdict.unknown(
                    "`" + check.field().text() + "`: events have numbers, and this node has no account of that name",
                    position));
        }
        Verdict verdict = Verdict.or(parts, position);
        return check.operator().equals("!=")
                ? Verdict.and(List.of(Verdict.of(known), verdict.not()), position)
                : verdict;
    }

    private static Condition descriptor(Value.Descriptor descriptor, Filter.Check check) throws RefusedException {
        Position position = check.position();
        Condition success = descriptor.success();
        if (check.operator().equals("exists")) {
            return Logic.always(position);
        }
        List<Condition> cases = new ArrayList<>();
        boolean unequal = check.operator().equals("!=");
        Set<Long> several = new TreeSet<>();
        for (String value : check.values()) {
            several.add(Comparisons.parsed(value, check));
        }
        if (check.operator().equals("in") && several.stream().allMatch(n -> n >= 0)) {
            return Logic.and(List.of(success, among(descriptor.number(), List.copyOf(several), position)), position);
        }
        for (String value : check.values()) {
            long number = Comparisons.parsed(value, check);
            String operator = unequal ? "=" : check.operator();
            boolean failed = descriptor.error() == null && compares(operator, -1, number);
            boolean each = operator.startsWith(">") && number <= (operator.equals(">") ? -1 : 0);
            if (failed) {
                cases.add(Logic.not(success));
            } else if (descriptor.error() != null) {
                Condition error = Comparisons.of(descriptor.error(), check.with(operator, List.of(value)));
                cases.add(Logic.and(List.of(Logic.not(success), error), position));
            }
            if (each) {
                cases.add(success);
            } else if (number >= 0) {
                Condition same = Comparisons.of(descriptor.number(), check.with(operator, List.of(value)));
                cases.add(Logic.and(List.of(success, same), position));
            }
        }
        Condition fits = Logic.or(cases, position);
        return unequal ? Logic.not(fits) : fits;
    }

    /** Numbers in a row are an interval, which a sensor can be asked for. */
    private static Condition among(Operand.Field field, List<Long> sorted, Position position) {
        long first = sorted.get(0);
        long last = sorted.get(sorted.size() - 1);
        if (last - first != sorted.size() - 1 || sorted.size() == 1) {
            return Comparisons.equal(field, sorted, position);
        }
        return Logic.and(
                List.of(
                        new Condition.Comparison(
                                field, Operator.GREATER_OR_EQUAL, Operand.Literals.of(first), position),
                        new Condition.Comparison(field, Operator.LESS_OR_EQUAL, Operand.Literals.of(last), position)),
                position);
    }

    private static boolean compares(String operator, long left, long right) {
        return switch (operator) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            case ">=" -> left >= right;
            default -> left == right;
        };
    }

    private static Condition containerId(Value.ContainerId id, Filter.Check check) throws RefusedException {
        Position position = check.position();
        Condition inside = Comparisons.present(id.container(), position);
        if (check.operator().equals("exists")) {
            return Logic.always(position);
        }
        if (!Set.of("=", "!=", "in", "intersects").contains(check.operator())) {
            return Comparisons.of(id.id(), check);
        }
        List<Condition> parts = new ArrayList<>();
        for (String value : check.values()) {
            // Falco shows the first twelve digits only.
            String operator = value.length() == SHORT_ID ? "startswith" : "=";
            parts.add(
                    value.equals("host")
                            ? Logic.not(inside)
                            : Comparisons.of(id.id(), check.with(operator, List.of(value))));
        }
        Condition fits = Logic.or(parts, position);
        return check.operator().equals("!=") ? Logic.not(fits) : fits;
    }

    /** Rules ask whether there is such a mount by comparing with what is written when there is none. */
    private static Verdict mount(Value.Mount mount, Filter.Check check) throws RefusedException {
        Filter.Check glob = check.with("glob", List.of(mount.glob()));
        Condition there = Comparisons.of(mount.sources(), glob);
        boolean none = Set.of("<NA>", "N/A").containsAll(check.values());
        return switch (check.operator()) {
            case "exists" -> Verdict.of(there);
            case "=", "in", "intersects" -> none ? Verdict.of(Logic.not(there)) : ofMount(check);
            case "!=" -> none ? Verdict.of(there) : ofMount(check);
            default -> ofMount(check);
        };
    }

    private static Verdict ofMount(Filter.Check check) {
        return Verdict.unknown(
                "`" + check.field().text() + "`: whether there is such a mount is known, and not where",
                check.position());
    }
}
