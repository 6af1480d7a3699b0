// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.Alert;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.RuleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuppressionsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RuleSet RULES = RuleLoader.load(List.of(new RuleSource("test.drl", """
            package vigilant.test;
            rule "shadow" @id("shadow") @severity("warning") @description("d")
            when
                $e : FileOpen( file.path str[under] "/etc" )
            then
                alert( $e );
            end
            """)));

    @Test
    void keepsBackWhatALimitAllowsNoMore() {
        RuleSet site = site("limits: [{rule: shadow, alerts: 2, per: 60s, by: [file.name]}]");
        Counters counters = new Counters();
        try (Detection detect = new Detection(site, 1, "node", counters)) {
            assertThat(alerts(detect, open(1, "/etc/a"), open(2, "/etc/a"), open(3, "/etc/a"), open(4, "/etc/b")))
                    .containsExactly("/etc/a", "/etc/a", "/etc/b");
            assertThat(alerts(detect, open(62, "/etc/a"))).containsExactly("/etc/a");
            assertThat(detect.suppressed()).isEqualTo(Map.of("shadow", Map.of("limit of 2 alerts per 60s", 1L)));
            assertThat(counters.get(Counter.ALERTS_SUPPRESSED)).isEqualTo(1);
            assertThat(counters.get(Counter.ALERTS_RAISED)).isEqualTo(4);
        }
    }

    @Test
    void keepsBackWhatARuleWantsToldNoMore() {
        RuleSet own = RuleLoader.load(List.of(new RuleSource("test.drl", """
                package vigilant.test;
                rule "shadow" @id("shadow") @severity("warning") @description("d") @limit("1 per 60s by file.name")
                when
                    $e : FileOpen( file.path str[under] "/etc" )
                    accumulate( FileOpen( file.name == $e.file.name, this before[0s,60s] $e ); $n : count(); $n >= 2 )
                then
                    alert( $e );
                end
                """)));
        assertThat(own.refused()).isEmpty();
        FileOpen[] events = {
            open(1, "/etc/a"),
            open(2, "/etc/a"),
            open(3, "/etc/a"),
            open(4, "/etc/b"),
            open(5, "/etc/b"),
            open(6, "/etc/a")
        };
        try (Detection detect = new Detection(own, 1, "node", new Counters())) {
            assertThat(alerts(detect, events)).containsExactly("/etc/a", "/etc/b");
            assertThat(detect.suppressed())
                    .isEqualTo(Map.of("shadow", Map.of("the rule's own limit of 1 per 60s by file.name", 2L)));
        }
        RuleSet site = own.tuned("site.yaml", "limits: [{rule: shadow, alerts: 3, per: 60s, by: [file.name]}]", 0);
        try (Detection detect = new Detection(site, 1, "node", new Counters())) {
            assertThat(alerts(detect, events)).containsExactly("/etc/a", "/etc/a", "/etc/b", "/etc/a");
        }
        try (Detection detect = new Detection(own.tuned("site.yaml", "limits: []", 0), 1, "node", new Counters())) {
            assertThat(alerts(detect, events)).containsExactly("/etc/a", "/etc/b");
        }
    }

    @Test
    void countsWhatAnExceptionKeepsBack() {
        RuleSet site = site("exceptions: [{rule: shadow, name: b, when: 'file.name == \"b\"', owner: o, reason: r,"
                + " expires: never}]");
        try (Detection detect = new Detection(site, 1, "node", new Counters())) {
            assertThat(alerts(detect, open(1, "/etc/a"), open(2, "/etc/b"))).containsExactly("/etc/a");
            assertThat(detect.suppressed()).isEqualTo(Map.of("shadow", Map.of("exception \"b\" of o", 1L)));
        }
    }

    private static RuleSet site(String text) {
        RuleSet tuned = RULES.tuned("site.yaml", text, 0);
        assertThat(tuned.refused()).isEmpty();
        return tuned;
    }

    private static List<String> alerts(Detection detect, FileOpen... events) {
        List<String> paths = new ArrayList<>();
        for (FileOpen event : events) {
            Slot slot = Slot.of(event);
            detect.on(slot, true);
            for (Alert alert : slot.alerts()) {
                assertThat(alert.rule().id()).isEqualTo("shadow");
                paths.add(((FileOpen) alert.event()).file().path());
            }
        }
        return paths;
    }

    private static FileOpen open(long seconds, String path) {
        return new FileOpen(
                Context.of(seconds * SECOND, Origin.AUDIT, Actor.ofPid(7, 1)), FileTarget.ofPath(path), 0, 0, false);
    }
}
