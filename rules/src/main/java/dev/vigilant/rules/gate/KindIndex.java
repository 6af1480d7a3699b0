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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The patterns that see one kind of events. Each of their alternatives stands in one place: by the field that it is looked
 * up by, or, where nothing in it can be looked up, in the list of those that are asked each time.
 *
 * @param ofProcess what the process of an event settles, whatever it does
 * @param ofEvent the rest
 * @param asked the alternatives that cannot be looked up
 * @param wanted numbers of all patterns here
 */
record KindIndex(Part ofProcess, Part ofEvent, Place[] asked, int[] wanted) {
    /** Into how many alternatives a pattern is spread at most. */
    static final int MAX_ALTERNATIVES = 64;

    /**
     * What is asked of a part of the event.
     *
     * @param tests the conditions that alternatives share, by number
     * @param texts the fields that texts are looked up by
     * @param numbers the fields that numbers are looked up by
     */
    record Part(Test[] tests, TextField[] texts, NumberField[] numbers) {}

    /**
     * A condition.
     *
     * @param text the field whose text's forms speak for or against it, as an index of {@link Part#texts}, {@link #OF_NO_TEXT} if
     *     none does
     * @param number of the condition among those of the field
     * @param decides whether a text that has one of its forms decides it, as one that has none does
     * @param denied whether it holds of a text that has none
     */
    record Test(EventTest test, int text, int number, boolean decides, boolean denied) {
        static final int OF_NO_TEXT = -1;
    }

    /**
     * A field of which texts are looked up.
     *
     * @param needs what all its alternatives need, so that the field need not be looked up without
     * @param conditions how many conditions have forms in the index
     */
    record TextField(EventField field, Needs needs, TextIndex index, int conditions) {}

    /**
     * A field of which numbers are looked up.
     *
     * @param needs what all its alternatives need, so that the field need not be read without
     */
    record NumberField(EventField field, Needs needs, NumberIndex index) {
        /** What the event's number leads to. */
        Candidate[] candidates(KernelEvent event) {
            Object owner = field.owner(event);
            return owner == null ? Candidate.NONE : index.find(field.number(owner));
        }
    }

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
        private final PartBuilder ofProcess = new PartBuilder();
        private final PartBuilder ofEvent = new PartBuilder();
        private final Map<List<String>, Standing> alternatives = new LinkedHashMap<>();
        /** Many rules ask the same, and each alternative of a pattern asks what all of them do. */
        private final IdentityHashMap<Condition, Optional<Term>> terms = new IdentityHashMap<>();

        private final Map<String, Optional<Term>> termsByText = new HashMap<>();

        /** Where an alternative stands, and whose it is. */
        private record Standing(@Nullable Term by, Needs needs, Set<Integer> wanted) {
            Place place() {
                return new Place(needs, ints(wanted));
            }
        }

        Builder(Class<? extends KernelEvent> event) {
            this.event = event;
        }

        void add(Gate.Wanted wanted) {
            for (List<Term> alternative : alternatives(wanted.pattern())) {
                Term by = lookup(alternative);
                List<Term> rest = alternative.stream()
                        .filter(t -> !t.equals(by) || !t.decides())
                        .sorted(Comparator.comparingInt(Term::cost))
                        .toList();
                Needs needs = new Needs(ofProcess.numbers(rest, true), ofEvent.numbers(rest, false));
                List<String> same = new ArrayList<>(
                        alternative.stream().map(Term::text).sorted().distinct().toList());
                alternatives
                        .computeIfAbsent(same, s -> new Standing(by, needs, new TreeSet<>()))
                        .wanted()
                        .add(wanted.number());
            }
        }

        /** The alternatives of a pattern, as far as the event alone decides them. */
        private List<List<Term>> alternatives(Pattern pattern) {
            List<Condition> own = pattern.conditions().stream()
                    .filter(c -> Bindings.of(c).isEmpty())
                    .toList();
            return Alternatives.of(own, MAX_ALTERNATIVES).stream()
                    .map(a -> a.stream().flatMap(c -> term(c).stream()).toList())
                    .toList();
        }

        private Optional<Term> term(Condition condition) {
            Optional<Term> known = terms.get(condition);
            if (known == null) {
                known = termsByText.computeIfAbsent(
                        condition.text(), text -> Optional.ofNullable(Term.of(event, condition)));
                terms.put(condition, known);
            }
            return known;
        }

        KindIndex build() {
            Map<String, List<Standing>> byField = new LinkedHashMap<>();
            List<Place> asked = new ArrayList<>();
            Set<Integer> wanted = new TreeSet<>();
            for (Standing standing : alternatives.values()) {
                wanted.addAll(standing.wanted());
                if (standing.by() == null) {
                    asked.add(standing.place());
                } else {
                    byField.computeIfAbsent(lookedUp(standing).key(), k -> new ArrayList<>())
                            .add(standing);
                }
            }
            byField.values().forEach(this::index);
            return new KindIndex(ofProcess.build(), ofEvent.build(), asked.toArray(Place[]::new), ints(wanted));
        }

        private static Lookup lookedUp(Standing standing) {
            return Objects.requireNonNull(Objects.requireNonNull(standing.by()).lookup());
        }

        private void index(List<Standing> all) {
            TextIndex textIndex = new TextIndex();
            NumberIndex numberIndex = new NumberIndex();
            boolean number = false;
            for (Standing standing : all) {
                Lookup lookup = lookedUp(standing);
                Place place = standing.place();
                lookup.shapes().forEach(shape -> textIndex.add(shape, place));
                lookup.intervals().forEach(interval -> numberIndex.add(interval, place));
                number |= !lookup.intervals().isEmpty();
            }
            Term by = Objects.requireNonNull(all.get(0).by());
            EventField field = lookedUp(all.get(0)).field();
            PartBuilder part = by.subject().ofProcess() ? ofProcess : ofEvent;
            Needs common = new Needs(common(all, Needs::ofProcess), common(all, Needs::ofEvent));
            if (number) {
                part.numbers.add(new NumberField(field, common, numberIndex.built()));
            } else {
                part.texts.put(lookedUp(all.get(0)).key(), new TextField(field, common, textIndex, 0));
            }
        }

        private static int[] common(List<Standing> all, Function<Needs, int[]> part) {
            return Arrays.stream(part.apply(all.get(0).needs()))
                    .filter(need -> all.stream()
                            .allMatch(s -> Arrays.stream(part.apply(s.needs())).anyMatch(n -> n == need)))
                    .toArray();
        }

        private static int[] ints(Collection<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /** Collects what is asked of a part of the event. */
    private static final class PartBuilder {
        private final Map<String, Integer> numbered = new HashMap<>();
        private final List<Term> tests = new ArrayList<>();
        final Map<String, TextField> texts = new LinkedHashMap<>();
        final List<NumberField> numbers = new ArrayList<>();

        /** Numbers of the terms that are of this part. */
        int[] numbers(List<Term> terms, boolean ofProcess) {
            return terms.stream()
                    .filter(t -> t.subject().ofProcess() == ofProcess)
                    .mapToInt(this::number)
                    .distinct()
                    .toArray();
        }

        private int number(Term term) {
            return numbered.computeIfAbsent(term.text(), text -> {
                tests.add(term);
                return tests.size() - 1;
            });
        }

        Part build() {
            List<String> keys = List.copyOf(texts.keySet());
            int[] conditions = new int[keys.size()];
            Test[] all = new Test[tests.size()];
            for (int i = 0; i < all.length; i++) {
                Term term = tests.get(i);
                Term.Forms forms = term.forms();
                int text =
                        forms == null || term.subject().text().isEmpty() ? Test.OF_NO_TEXT : keys.indexOf(forms.key());
                if (forms == null || text == Test.OF_NO_TEXT) {
                    all[i] = new Test(term.test(), Test.OF_NO_TEXT, 0, false, false);
                } else {
                    Place place = Place.ofCondition(conditions[text]++);
                    TextIndex index =
                            Objects.requireNonNull(texts.get(keys.get(text))).index();
                    forms.shapes().forEach(shape -> index.add(shape, place));
                    all[i] = new Test(term.test(), text, place.condition(), forms.decide(), forms.denied());
                }
            }
            TextField[] fields = new TextField[keys.size()];
            for (int i = 0; i < fields.length; i++) {
                TextField field = Objects.requireNonNull(texts.get(keys.get(i)));
                fields[i] = new TextField(
                        field.field(), field.needs(), field.index().built(), conditions[i]);
            }
            return new Part(all, fields, numbers.toArray(NumberField[]::new));
        }
    }
}
