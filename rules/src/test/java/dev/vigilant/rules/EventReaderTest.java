// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.event.Container;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.EventReader;
import dev.vigilant.rules.yaml.YamlValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventReaderTest {
    private final List<Problem> problems = new ArrayList<>();

    @Test
    void readsWhatIsWrittenByHand() {
        List<KernelEvent> events = read("""
                - ProcessExec: {file.path: /bin/sh, args: [sh, -c, id], process.parent.name: nginx, container.name: web}
                - FileOpen: {file.path: /etc/shadow, write: true, outcome: failure, user.uid: 33, after: 5s}
                """);

        assertThat(problems).isEmpty();
        ProcessExec exec = (ProcessExec) events.get(0);
        FileOpen open = (FileOpen) events.get(1);
        assertThat(exec.process())
                .extracting(Process::name, Process::executable, Process::commandLine)
                .containsExactly("sh", "/bin/sh", "sh -c id");
        assertThat(exec.process().ancestors()).extracting(Process::name).containsExactly("nginx");
        assertThat(exec.container())
                .extracting(Container::name, Container::described)
                .containsExactly("web", true);
        assertThat(exec.context().timeNanos()).isEqualTo(Events.START);
        assertThat(open.write()).isTrue();
        assertThat(open.read()).isFalse();
        assertThat(open.file().rawPath()).isEqualTo("/etc/shadow");
        assertThat(open.outcome()).isEqualTo("failure");
        assertThat(open.user().uid()).isEqualTo(33);
        assertThat(open.process()).isNull();
        assertThat(open.context().timeNanos()).isEqualTo(Events.START + 5 * Events.SECOND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FileOpne: {file.path: /x}|did you mean `FileOpen`",
                "FileOpen: {file.pth: /x}|unknown field `file.pth`: did you mean `path`",
                "FileOpen: {file.path: /x, flags: many}|`flags` is a number, not many",
                "FileOpen: {file.path: /x, write: 1}|`write` is true or false, not 1",
                "FileOpen: {file.path: /x, file.name: y}|`file.name` follows from the other fields: it is x, not y",
                "FileOpen: {file: /x}|`file` has fields",
                "FileOpen: {file.path: /x, outcome: maybe}|maybe is none of [success, failure, unknown]",
                "FileOpen: {file.path: /x, after: soon}|`after` says how long after the event before",
                "FileOpen: {file.path: /x, container.nme: y}|unknown field `container.nme`",
                "ProcessExec: {file.path: /x, process.comandLine: y}|did you mean `commandLine`",
                "FileOpen: 7|`FileOpen` has fields",
            })
    void saysWhatIsWrongAndWhere(String line, String reason) {
        read("# comment\n- " + line);

        assertThat(problems)
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.position().line()).isEqualTo(2));
        assertThat(problems.get(0).reason()).contains(reason);
    }

    @Test
    void readsBackWhatWasPrinted() {
        RandomEvents random =
                new RandomEvents(new Random(5), RuleLoader.builtIn().rules());
        EcsJson json = new EcsJson(new Host("node", "", "", ""));
        EventReader reader = new EventReader(0, problems::add);
        for (int i = 0; i < 2000; i++) {
            String printed = new String(json.event(random.next()), StandardCharsets.UTF_8);
            KernelEvent back = YamlValue.readJson(Position.ofLine("printed", i), printed, problems::add)
                    .flatMap(reader::read)
                    .orElse(null);

            assertThat(problems).as(printed).isEmpty();
            // The ECS part tells a missing text from an empty one, which no kernel tells apart.
            assertThat(ruleFields(new String(json.event(back), StandardCharsets.UTF_8)))
                    .isEqualTo(ruleFields(printed));
        }
    }

    private static String ruleFields(String document) {
        return document.substring(document.indexOf("\"vigilant\":"));
    }

    private List<KernelEvent> read(String yaml) {
        EventReader reader = new EventReader(Events.START, problems::add);
        return YamlValue.read("a.test.yaml", yaml, problems::add).stream()
                .flatMap(list -> list.list().stream())
                .flatMap(event -> reader.read(event).stream())
                .toList();
    }
}
