// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.event.KernelEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RulesTestCommandTest {
    private static final Path SAMPLE =
            Path.of("../src/samples/audit/escape.log").toAbsolutePath();
    private static final String RULE = """
            package site;
            rule "Shell of a web server"
                @id("site-web-shell") @severity("warning") @description("A web server ran a shell.") @technique("T1059")
            when
                $run : ProcessExec( container != null, file.name in ("sh", "bash"), process.parent.name == "nginx" )
            then
                alert( $run );
            end
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void writeTheRule() throws IOException {
        Files.writeString(directory.resolve("web.drl"), RULE);
    }

    @Test
    void passesWhatIsAsTheTestSays() throws IOException {
        String out = test(0, """
                - name: fires
                  events:
                    - ProcessExec: {file.path: /bin/sh, process.parent.name: nginx, container.name: web}
                  alerts:
                    - {rule: site-web-shell, count: 1, severity: warning,
                       fields: {process.name: sh, threat.technique.id: T1059, container.name: web}}
                - name: stays silent on the host
                  events:
                    - ProcessExec: {file.path: /bin/sh, process.parent.name: nginx}
                  silent: [site-web-shell]
                - name: a log, and a built-in rule
                  events: %s
                  alerts: [escape-release-agent]
                """.formatted(SAMPLE));

        assertThat(out).isEqualTo("3 tests, 0 failed\n");
    }

    @Test
    void saysWithFileAndLineWhatIsNot() throws IOException {
        String out = test(Vigilant.FINDINGS, """
                - name: not expected
                  events:
                    - ProcessExec: {file.path: /bin/sh, process.parent.name: nginx, container.name: web}
                - name: silent, and wrong severity
                  events:
                    - ProcessExec: {file.path: /bin/sh, process.parent.name: nginx, container.name: web}
                  alerts:
                    - {rule: site-web-shell, severity: error}
                  silent:
                    - site-web-shell
                - name: no alert
                  events:
                    - ProcessExec: {file.path: /bin/id, process.parent.name: nginx, container.name: web}
                  alerts:
                    - site-web-shell
                - name: no such rule
                  events: []
                  alerts: [site-web-shel]
                """);

        String file = directory.resolve("web.test.yaml").toString();
        assertThat(out)
                .contains("FAILED not expected\n  " + file + ":1:3: site-web-shell raised an alert")
                .contains(file + ":8:7: site-web-shell: severity is warning instead of error")
                .contains(file + ":10:7: site-web-shell raised an alert")
                .contains(file + ":15:7: site-web-shell raised no alert: see `vigilant rules explain")
                .contains(file + ":18:12: no rule `site-web-shel` is loaded: did you mean `site-web-shell`?")
                .endsWith("4 tests, 4 failed\n");
    }

    @Test
    void failsFilesThatCannotBeRead() throws IOException {
        String out = test(Vigilant.FINDINGS, """
                - name: misspelt
                  evnts: []
                - events:
                    - ProcessExec: {fil.path: /bin/sh}
                """);

        assertThat(out)
                .contains("web.test.yaml:2:10: unknown key `evnts`: did you mean `events`?")
                .contains("web.test.yaml:1:3: no `events`")
                .contains("web.test.yaml:4:31: unknown field `fil`: did you mean `file`?");
    }

    @Test
    void writesJunitXml() throws Exception {
        Path xml = directory.resolve("junit.xml");
        test(Vigilant.FINDINGS, """
                - {name: fine, events: []}
                - {name: "é <&", events: [], alerts: [site-web-shell]}
                """, "--junit", xml.toString());

        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(xml.toFile())
                .getDocumentElement();
        NodeList cases = root.getElementsByTagName("testcase");
        assertThat(((Element) root.getElementsByTagName("testsuite").item(0)).getAttribute("failures"))
                .isEqualTo("1");
        assertThat(cases.getLength()).isEqualTo(2);
        assertThat(((Element) cases.item(1)).getElementsByTagName("failure").getLength())
                .isEqualTo(1);
    }

    @Test
    void testsWhatWasPrintedOfALog() throws IOException {
        Path events = directory.resolve("events.jsonl");
        EcsJson json = new EcsJson(new Host("node", "", "", ""));
        try (OutputStream out = Files.newOutputStream(events)) {
            for (KernelEvent event : EventFile.read(SAMPLE, problem -> {})) {
                out.write(json.event(event));
                out.write('\n');
            }
        }

        assertThat(Files.size(events)).isPositive();
        test(0, "- {name: printed, events: events.jsonl, alerts: [escape-release-agent]}");
    }

    private String test(int code, String yaml, String... options) throws IOException {
        Files.writeString(directory.resolve("web.test.yaml"), yaml);
        String[] words = new String[options.length + 3];
        words[0] = "rules";
        words[1] = "test";
        words[2] = directory.toString();
        System.arraycopy(options, 0, words, 3, options.length);
        return Captured.run(code, words);
    }
}
