// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.drools.KnowledgeBase;
import dev.vigilant.rules.drools.MatchSink;
import org.drools.core.common.InternalFactHandle;
import org.drools.core.impl.RuleBaseFactory;
import org.kie.api.runtime.KieSession;

/** Drools with our rules and nothing before it: each event goes in, is decided on and goes out again; none is remembered. */
final class BareSession implements AutoCloseable {
    private final KieSession session;
    private long matches;

    BareSession(RuleSet rules) {
        MatchSink sink = new MatchSink() {
            @Override
            public void matched(int rule, KernelEvent[] events) {
                matches++;
            }

            @Override
            public void failed(int rule, RuntimeException failure) {
                throw failure;
            }
        };
        this.session = KnowledgeBase.build(rules.rules(), sink)
                .newKieSession(RuleBaseFactory.newKnowledgeSessionConfiguration(), null);
    }

    void offer(KernelEvent event) {
        InternalFactHandle handle = (InternalFactHandle) session.insert(event);
        session.fireAllRules();
        if (!handle.isDisconnected()) {
            session.delete(handle);
        }
    }

    long matches() {
        return matches;
    }

    @Override
    public void close() {
        session.dispose();
    }
}
