// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Alternatives;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.gate.Term.Lookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The patterns that see one kind of event. Each of their alternatives stands in one place: by the field that it is looked
 * up by, or, where nothing in it can be looked up, in the list of those that are asked each time.
 *
 * @param always whether a pattern wants any event of the kind, so that nothing has to be asked
 * @param tests the conditions that alternatives share, by number
 * @param texts the fields that texts are looked up by
 * @param numbers the fields that numbers are looked up by
 * @param asked the alternatives that cannot be looked up, as their needs
 */
record KindIndex(boolean always, EventTest[] tests, TextField[] texts, NumberField[] numbers, int[][] asked) {
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

    /** The index of a kind, null when no rule looks at it. */
    static @Nullable KindIndex of(EventKind kind, List<Rule> rules) {
        Builder builder = new Builder(kind.type());
        boolean any = false;
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                if (EventTypes.kinds(pattern.type()).contains(kind)) {
                    any = true;
                    builder.add(pattern);
                }
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
        private final Map<List<String>, Place> places = new LinkedHashMap<>();

        /** Where an alternative stands. */
        private record Place(@Nullable Lookup lookup, int[] needs) {}

        Builder(Class<? extends KernelEvent> event) {
            this.event = event;
        }

        void add(Pattern pattern) {
            for (List<Term> alternative : alternatives(event, pattern)) {
                Term by = lookup(alternative);
                int[] needs = alternative.stream()
                        .filter(t -> !t.equals(by))
                        .sorted(Comparator.comparingInt(Term::cost))
                        .mapToInt(this::number)
                        .distinct()
                        .toArray();
                List<String> same = new ArrayList<>(
                        alternative.stream().map(Term::text).sorted().distinct().toList());
                places.putIfAbsent(same, new Place(by == null ? null : by.lookup(), needs));
            }
        }

        private int number(Term term) {
            return numbers.computeIfAbsent(term.text(), text -> {
                tests.add(term.test());
                return tests.size() - 1;
            });
        }

        KindIndex build() {
            boolean always = places.values().stream().anyMatch(p -> p.lookup() == null && p.needs().length == 0);
            Map<String, List<Place>> byField = new LinkedHashMap<>();
            List<int[]> asked = new ArrayList<>();
            for (Place place : places.values()) {
                if (place.lookup() == null) {
                    asked.add(place.needs());
                } else {
                    byField.computeIfAbsent(place.lookup().key(), k -> new ArrayList<>())
                            .add(place);
                }
            }
            List<TextField> texts = new ArrayList<>();
            List<NumberField> ofNumbers = new ArrayList<>();
            byField.values().forEach(all -> index(all, texts, ofNumbers));
            return new KindIndex(
                    always,
                    tests.toArray(EventTest[]::new),
                    texts.toArray(TextField[]::new),
                    ofNumbers.toArray(NumberField[]::new),
                    asked.toArray(int[][]::new));
        }

        private static void index(List<Place> places, List<TextField> texts, List<NumberField> ofNumbers) {
            TextIndex textIndex = new TextIndex();
            NumberIndex numberIndex = new NumberIndex();
            boolean number = false;
            for (Place place : places) {
                Lookup lookup = Objects.requireNonNull(place.lookup());
                lookup.shapes().forEach(shape -> textIndex.add(shape, place.needs()));
                lookup.intervals().forEach(interval -> numberIndex.add(interval, place.needs()));
                number |= !lookup.intervals().isEmpty();
            }
            EventField field = Objects.requireNonNull(places.get(0).lookup()).field();
            if (number) {
                ofNumbers.add(new NumberField(field, common(places), numberIndex.built()));
            } else {
                texts.add(new TextField(field, common(places), textIndex.built()));
            }
        }

        private static int[] common(List<Place> places) {
            return Arrays.stream(places.get(0).needs())
                    .filter(need -> places.stream()
                            .allMatch(p -> Arrays.stream(p.needs()).anyMatch(n -> n == need)))
                    .toArray();
        }
    }
}
