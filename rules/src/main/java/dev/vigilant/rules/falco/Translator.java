// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.EventNames;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of a condition of Falco what it is for events of one kind. The event's type is decided then and there, so that of a
 * condition on several types each pattern has what is about its own.
 */
final class Translator {
    private static final Set<String> TYPE = Set.of("evt.type", "syscall.type");

    private final EventKind kind;
    private final Accounts accounts;
    private final Position position;
    private final @Nullable Socket socket;

    /** @param socket the event that made the socket, null where it is not joined */
    Translator(EventKind kind, Accounts accounts, Position position, @Nullable Socket socket) {
        this.kind = kind;
        this.accounts = accounts;
        this.position = position;
        this.socket = socket;
    }

    Verdict of(Filter filter) throws RefusedException {
        if (filter instanceof Filter.Not not) {
            return of(not.part()).not();
        }
        if (filter instanceof Filter.And and) {
            return Verdict.and(all(and.parts(), v -> Logic.isNever(v.most())), position);
        }
        if (filter instanceof Filter.Or or) {
            return Verdict.or(all(or.parts(), v -> Logic.isAlways(v.least())), position);
        }
        if (filter instanceof Filter.Check check) {
            return modified(check);
        }
        throw new IllegalStateException("macros are put in place before: " + filter);
    }

    /** The verdicts of the parts, up to one that settles the whole: most rules say first which type they are about. */
    private List<Verdict> all(List<Filter> parts, Predicate<Verdict> settles) throws RefusedException {
        List<Verdict> all = new ArrayList<>();
        for (Filter part : parts) {
            Verdict verdict = of(part);
            all.add(verdict);
            if (settles.test(verdict)) {
                break;
            }
        }
        return all;
    }

    /** {@code allof} and {@code oneof} are several comparisons; {@code anyof} is one with several values. */
    private Verdict modified(Filter.Check check) throws RefusedException {
        if (check.modifier() == null || check.modifier().equals("anyof")) {
            return check(check);
        }
        List<Verdict> single = new ArrayList<>();
        for (String value : check.values()) {
            single.add(check(check.with(check.operator(), List.of(value))));
        }
        if (check.modifier().equals("allof")) {
            return Verdict.and(single, check.position());
        }
        List<Verdict> cases = new ArrayList<>();
        for (int i = 0; i < single.size(); i++) {
            List<Verdict> parts = Verdict.list(single.get(i));
            for (int j = 0; j < single.size(); j++) {
                if (i != j) {
                    parts.add(single.get(j).not());
                }
            }
            cases.add(Verdict.and(parts, check.position()));
        }
        return Verdict.or(cases, check.position());
    }

    private Verdict check(Filter.Check check) throws RefusedException {
        String name = check.field().name();
        if (!FieldNames.has(name)) {
            throw new RefusedException(check.position(), Unsensed.unknown(name));
        }
        if (TYPE.contains(name)) {
            return type(check);
        }
        if (check.values().isEmpty()
                && check.right() == null
                && !check.operator().equals("exists")) {
            return Verdict.of(Logic.never(check.position()));
        }
        FieldMap map = new FieldMap(kind, check.position(), socket);
        Value value = map.of(check.field());
        if (value instanceof Value.Unknown unknown) {
            return Verdict.unknown(unknown.why(), check.position());
        }
        if (value instanceof Value.Absent) {
            return Verdict.of(Logic.never(check.position()));
        }
        if (check.right() != null) {
            return right(map, value, check, check.right());
        }
        if (value instanceof Value.Plain plain) {
            if (plain.field().type().kind() == FieldType.Kind.NUMBER && isTextOfNumber(check)) {
                return Verdict.unknown(
                        "`" + name + "`: of " + String.join(", ", EventNames.of(kind)) + " it is a number",
                        check.position());
            }
            Condition fits = Comparisons.of(plain.field(), executable(plain, check));
            return Verdict.of(Logic.and(List.of(plain.known(), fits), check.position()));
        }
        if (!check.field().transformers().isEmpty()) {
            throw Comparisons.refused(check, "its text is made here, and transformers take texts that the event has");
        }
        return new MadeValues(accounts).compare(value, check);
    }

    /** Falco has all arguments as texts; those that are numbers are compared as such here. */
    private static boolean isTextOfNumber(Filter.Check check) {
        return check.field().name().startsWith("evt.arg.")
                && !check.values().stream().allMatch(v -> v.matches("[+-]?([0-9]+|0x[0-9a-fA-F]+)"));
    }

    private static Verdict right(FieldMap map, Value left, Filter.Check check, Filter.Field right)
            throws RefusedException {
        if (!FieldNames.has(right.name())) {
            throw new RefusedException(check.position(), Unsensed.unknown(right.name()));
        }
        Value value = map.of(right);
        if (value instanceof Value.Unknown unknown) {
            return Verdict.unknown(unknown.why(), check.position());
        }
        if (value instanceof Value.Absent) {
            return Verdict.of(Logic.never(check.position()));
        }
        if (!(left instanceof Value.Plain plain) || !(value instanceof Value.Plain other)) {
            throw Comparisons.refused(check, "one of the two fields is made here, and not in the event");
        }
        Condition fits = Comparisons.fields(
                plain.field(), Comparisons.transformed(other.field(), right.transformers(), check), check);
        return Verdict.of(Logic.and(List.of(plain.known(), other.known(), fits), check.position()));
    }

    /** What runs from memory has a path that begins with a slash for the kernel, and with none for Falco. */
    private static Filter.Check executable(Value.Plain plain, Filter.Check check) {
        List<String> steps = plain.field().steps();
        if (!steps.get(steps.size() - 1).equals("executable")) {
            return check;
        }
        return check.with(
                check.operator(),
                check.values().stream()
                        .map(v -> v.startsWith("memfd:") ? "/" + v : v)
                        .toList());
    }

    private Verdict type(Filter.Check check) throws RefusedException {
        Predicate<String> test;
        try {
            test = TextTest.of(check.operator(), check.values());
        } catch (Globs.NotTakenException e) {
            throw new RefusedException(check.position(), e.reason());
        }
        Verdict fits = kind == EventKind.SYSTEM_CALL ? otherCall(check) : Verdict.of(among(test, check.position()));
        return check.operator().equals("!=") ? fits.not() : fits;
    }

    /** A call without a kind of its own is asked for by its name. */
    private static Verdict otherCall(Filter.Check check) {
        List<String> names = check.values().stream()
                .filter(n -> !EventNames.hasKind(n))
                .filter(EventNames::isSyscall)
                .toList();
        FieldMap map = new FieldMap(EventKind.SYSTEM_CALL, check.position());
        List<Verdict> parts = Verdict.list(Verdict.of(Comparisons.equal(map.path("name"), names, check.position())));
        check.values().stream()
                .filter(n -> !EventNames.hasKind(n) && !EventNames.isSyscall(n))
                .forEach(n -> parts.add(Verdict.unknown("event type `" + n + "` is no system call", check.position())));
        return Verdict.or(parts, check.position());
    }

    private Condition among(Predicate<String> test, Position at) {
        List<String> names = EventNames.of(kind);
        List<String> asked = names.stream().filter(test).toList();
        if (asked.size() == names.size() || asked.isEmpty()) {
            return Logic.of(!asked.isEmpty(), at);
        }
        FieldMap map = new FieldMap(kind, at);
        if (EventNames.WITH_OPERATION.contains(kind)) {
            return Comparisons.equal(map.path("operation"), asked, at);
        }
        if (!asked.contains(names.get(0))) {
            return Comparisons.equal(map.path("syscall"), asked, at);
        }
        List<String> others = names.stream().filter(n -> !asked.contains(n)).toList();
        return Logic.not(Comparisons.equal(map.path("syscall"), others, at));
    }
}
