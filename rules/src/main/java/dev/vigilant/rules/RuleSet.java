// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.Container;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.MessageTemplate;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.rules.site.Tuned;
import dev.vigilant.rules.site.Tuning;
import dev.vigilant.source.Interest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The rules that were loaded, and what was refused. Immutable. */
public final class RuleSet {
    private final List<Rule> rules;
    private final List<Problem> refused;
    private final List<Problem> warnings;
    private final Map<String, List<Object>> lists;

    /** By the rules' ids: a rule on several kinds of events has one for each. */
    private final Map<String, List<Message>> messages = new HashMap<>();

    /** The template of the alerts about events of a type. */
    private record Message(Class<? extends KernelEvent> type, MessageTemplate template) {}

    private final Tuned tuned;

    RuleSet(List<Rule> rules, List<Problem> refused, List<Problem> warnings, Map<String, List<Object>> lists) {
        this(Tuned.untouched(rules), refused, warnings, lists);
    }

    private RuleSet(Tuned tuned, List<Problem> refused, List<Problem> warnings, Map<String, List<Object>> lists) {
        List<Rule> rules = tuned.rules();
        this.tuned = tuned;
        this.rules = List.copyOf(rules);
        this.refused = List.copyOf(refused);
        this.warnings = List.copyOf(warnings);
        this.lists = Map.copyOf(lists);
        for (Rule rule : rules) {
            String message = rule.description().message();
            if (message != null) {
                messages.computeIfAbsent(rule.description().id(), id -> new ArrayList<>())
                        .add(template(rule, message));
            }
        }
    }

    /** The rules that run; a rule on several kinds of events is one for each, with the same id. */
    public List<Rule> rules() {
        return rules;
    }

    /**
     * The same rules as a site wants them. What does not apply is refused, and the rest goes on.
     *
     * @param file how messages call the site's file
     * @param text its content
     * @param nowNanos by which an exception is told to have ended, nanoseconds since the epoch
     */
    public RuleSet tuned(String file, String text, long nowNanos) {
        Tuned made = Tuning.apply(file, text, rules, lists, nowNanos);
        List<Problem> allRefused = new ArrayList<>(refused);
        allRefused.addAll(made.refused());
        List<Problem> allWarnings = new ArrayList<>(warnings);
        allWarnings.addAll(made.warnings());
        return new RuleSet(made, allRefused, allWarnings, lists);
    }

    /** What a site made of the rules. */
    public Tuned tuning() {
        return tuned;
    }

    /**
     * What the rules say of themselves, each id once, in the order of {@link #rules}; those for what is kept back say nothing.
     */
    public List<RuleDescription> describe() {
        Map<String, RuleDescription> described = new LinkedHashMap<>();
        rules.stream()
                .map(Rule::description)
                .filter(rule -> !tuned.suppressions().containsKey(rule.id()))
                .forEach(rule -> described.putIfAbsent(rule.id(), rule));
        return List.copyOf(described.values());
    }

    /** Some of the rules, as they run, without what the site says of them. */
    public RuleSet where(Predicate<Rule> wanted) {
        return new RuleSet(rules.stream().filter(wanted).toList(), List.of(), List.of(), lists);
    }

    /** Rules and files that do not run. */
    public List<Problem> refused() {
        return refused;
    }

    /** What runs but looks wrong. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** All lists, expanded. */
    public Map<String, List<Object>> lists() {
        return lists;
    }

    /**
     * The message of an alert.
     *
     * @param rule a rule of this set
     * @param evidence the events that matched, the last one being the newest
     */
    public String message(RuleDescription rule, List<KernelEvent> evidence) {
        KernelEvent newest = evidence.get(evidence.size() - 1);
        for (Message message : messages.getOrDefault(rule.id(), List.of())) {
            if (message.type().isInstance(newest)) {
                return message.template().render(newest);
            }
        }
        return defaultMessage(rule, newest);
    }

    private static String defaultMessage(RuleDescription rule, KernelEvent event) {
        StringBuilder message = new StringBuilder(rule.name());
        Process process = event.process();
        if (process != null) {
            message.append(": ")
                    .append(process.name())
                    .append('[')
                    .append(process.pid())
                    .append(']');
        }
        Container container = event.container();
        if (container != null) {
            String name = container.name();
            message.append(" in container ").append(name == null ? container.id() : name);
        }
        return message.toString();
    }

    private static Message template(Rule rule, String message) {
        Class<? extends KernelEvent> type = rule.alertType();
        try {
            return new Message(type, MessageTemplate.compile(message, type));
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let a message pass: " + message, e);
        }
    }

    /** A gate of these rules, made anew, for those who want to know what passes; a session has its own. */
    public Gate gate() {
        return Gate.of(tuned.sensed());
    }

    /** What the rules want sensed. */
    public List<Interest> interests() {
        return Interests.of(tuned.sensed());
    }
}
