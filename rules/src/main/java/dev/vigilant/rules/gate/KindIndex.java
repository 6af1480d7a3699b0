// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Alternatives;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.gate.Term.Lookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The patterns that see one kind of events. Each of their alternatives stands in one place: by the field that it is looked
 * up by, or, where nothing in it can be looked up, in the list of those that are asked each time.
 *
 * @param tests the conditions that alternatives share, by number
 * @param texts the fields that texts are looked up by
 * @param numbers the fields that numbers are looked up by
 * @param asked the alternatives that cannot be looked up
 * @param wanted numbers of all patterns here
 */
record KindIndex(EventTest[] tests, TextField[] texts, NumberField[] numbers, Place[] asked, int[] wanted) {
    /** Into how many alternatives a pattern is spread at most. */
    static final int MAX_ALTERNATIVES = 64;

    /**
     * A field of which texts are looked up.
     *
     * @param needs what all its alternatives need, so that the field need not be read without
     */
    record TextField(EventField field, int[] needs, TextIndex index) {}

    /**
     * A field of which numbers are looked up.
     *
     * @param needs what all its alternatives need, so that the field need not be read without
     */
    record NumberField(EventField field, int[] needs, NumberIndex index) {}

    /** The index of a kind, null when no pattern looks at it. */
    static @Nullable KindIndex of(EventKind kind, List<Gate.Wanted> patterns) {
        Builder builder = new Builder(kind.type());
        boolean any = false;
        for (Gate.Wanted wanted : patterns) {
            if (EventTypes.kinds(wanted.pattern().type()).contains(kind)) {
                any = true;
                builder.add(wanted);
            }
        }
        return any ? builder.build() : null;
    }

    /** The alternatives of a pattern, as far as the event alone decides them. */
    static List<List<Term>> alternatives(Class<? extends KernelEvent> event, Pattern pattern) {
        List<Condition> own = pattern.conditions().stream()
                .filter(c -> Bindings.of(c).isEmpty())
                .toList();
        return Alternatives.of(own, MAX_ALTERNATIVES).stream()
                .map(a -> a.stream()
                        .map(c -> Term.of(event, c))
                        .filter(Objects::nonNull)
                        .toList())
                .toList();
    }

    /** The term that an alternative is looked up by, or null. */
    static @Nullable Term lookup(List<Term> alternative) {
        return alternative.stream()
                .filter(t -> t.lookup() != null)
                .max(Comparator.comparingInt(
                        t -> Objects.requireNonNull(t.lookup()).worth()))
                .orElse(null);
    }

    /** Collects the alternatives. */
    private static final class Builder {
        private final Class<? extends KernelEvent> event;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<EventTest> tests = new ArrayList<>();
        private final Map<List<String>, Standing> alternatives = new LinkedHashMap<>();

        /** Where an alternative stands, and whose it is. */
        private record Standing(@Nullable Lookup lookup, int[] needs, Set<Integer> wanted) {
            Place place() {
                return new Place(needs, ints(wanted));
            }
        }

        Builder(Class<? extends KernelEvent> event) {
            this.event = event;
        }

        void add(Gate.Wanted wanted) {
            for (List<Term> alternative : alternatives(event, wanted.pattern())) {
                Term by = lookup(alternative);
                int[] needs = alternative.stream()
                        .filter(t -> !t.equals(by) || !t.decides())
                        .sorted(Comparator.comparingInt(Term::cost))
                        .mapToInt(this::number)
                        .distinct()
                        .toArray();
                List<String> same = new ArrayList<>(
                        alternative.stream().map(Term::text).sorted().distinct().toList());
                alternatives
                        .computeIfAbsent(
                                same, s -> new Standing(by == null ? null : by.lookup(), needs, new TreeSet<>()))
                        .wanted()
                        .add(wanted.number());
            }
        }

        private static int[] ints(Collection<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).toArray();
        }

        private int number(Term term) {
            return numbers.computeIfAbsent(term.text(), text -> {
                tests.add(term.test());
                return tests.size() - 1;
            });
        }

        KindIndex build() {
            Map<String, List<Standing>> byField = new LinkedHashMap<>();
            List<Place> asked = new ArrayList<>();
            Set<Integer> wanted = new TreeSet<>();
            for (Standing standing : alternatives.values()) {
                wanted.addAll(standing.wanted());
                if (standing.lookup() == null) {
                    asked.add(standing.place());
                } else {
                    byField.computeIfAbsent(standing.lookup().key(), k -> new ArrayList<>())
                            .add(standing);
                }
            }
            List<TextField> texts = new ArrayList<>();
            List<NumberField> ofNumbers = new ArrayList<>();
            byField.values().forEach(all -> index(all, texts, ofNumbers));
            return new KindIndex(
                    tests.toArray(EventTest[]::new),
                    texts.toArray(TextField[]::new),
                    ofNumbers.toArray(NumberField[]::new),
                    asked.toArray(Place[]::new),
                    ints(wanted));
        }

        private static void index(List<Standing> all, List<TextField> texts, List<NumberField> ofNumbers) {
            TextIndex textIndex = new TextIndex();
            NumberIndex numberIndex = new NumberIndex();
            boolean number = false;
            for (Standing standing : all) {
                Lookup lookup = Objects.requireNonNull(standing.lookup());
                Place place = standing.place();
                lookup.shapes().forEach(shape -> textIndex.add(shape, place));
                lookup.intervals().forEach(interval -> numberIndex.add(interval, place));
                number |= !lookup.intervals().isEmpty();
            }
            EventField field = Objects.requireNonNull(all.get(0).lookup()).field();
            if (number) {
                ofNumbers.add(new NumberField(field, common(all), numberIndex.built()));
            } else {
                texts.add(new TextField(field, common(all), textIndex.built()));
            }
        }

        private static int[] common(List<Standing> all) {
            return Arrays.stream(all.get(0).needs())
                    .filter(need ->
                            all.stream().allMatch(s -> Arrays.stream(s.needs()).anyMatch(n -> n == need)))
                    .toArray();
        }
    }
}
