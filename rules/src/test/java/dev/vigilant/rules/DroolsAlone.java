// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drools.KnowledgeBase;
import dev.vigilant.rules.drools.MatchSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.drools.core.impl.RuleBaseFactory;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.EntryPoint;

/** Drools with neither gate nor memory of ours before it: all events go in and stay in. */
final class DroolsAlone implements MatchSink {
    private final RuleSet set;
    private final List<KernelEvent> all;
    private final Set<String> before = new HashSet<>();
    private final List<String> now = new ArrayList<>();

    private DroolsAlone(RuleSet set, List<KernelEvent> all) {
        this.set = set;
        this.all = all;
    }

    /** What each event makes Drools tell, in alphabetic order. */
    static List<List<String>> told(RuleSet set, KernelEvent... events) {
        DroolsAlone alone = new DroolsAlone(set, Arrays.asList(events));
        List<List<String>> told = new ArrayList<>();
        KieSession session = KnowledgeBase.build(set.rules(), alone)
                .newKieSession(RuleBaseFactory.newKnowledgeSessionConfiguration(), null);
        EntryPoint counted = session.getEntryPoint(KnowledgeBase.COUNTED);
        try {
            for (KernelEvent event : events) {
                if (counted != null) {
                    counted.insert(event);
                }
                session.insert(event);
                session.fireAllRules();
                told.add(alone.now.stream().sorted().toList());
                alone.now.clear();
            }
        } finally {
            session.dispose();
        }
        return told;
    }

    @Override
    public void matched(int index, KernelEvent[] events) {
        Rule rule = set.rules().get(index);
        List<String> each = rule.patterns().stream()
                .filter(p -> p.quantifier() == Quantifier.EACH)
                .map(p -> String.valueOf(p.binding()))
                .toList();
        String evidence = rule.evidence().stream()
                .map(name -> "" + Rules.indexOf(all, events[each.indexOf(name)]))
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        // A rule with exists is found again with each event that does.
        String whole = index + " "
                + Arrays.stream(events).map(e -> Rules.indexOf(all, e)).toList();
        boolean exists = rule.patterns().stream().anyMatch(p -> p.quantifier() == Quantifier.EXISTS);
        if (!exists || before.add(whole)) {
            now.add(rule.description().id() + ":" + evidence);
        }
    }

    @Override
    public void failed(int rule, RuntimeException failure) {
        // The condition counts as false.
    }
}
