// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoJavaTest {
    /** What a process of its own does, so that nothing but the rules loads classes. */
    public static void main(String[] args) {
        RuleSet set = RuleLoader.load(Path.of(args[0]));
        try (RuleSession session = new RuleSession(set, (rule, evidence) -> {}, new Counters())) {
            session.offer(Events.open(Events.START, Events.process(1, "sh", null), null, "/x", 1));
            session.offer(Events.exec(Events.START + 1, Events.process(1, "sh", null), null, "/x"));
        }
        System.out.println(
                "rules " + set.rules().size() + " refused " + set.refused().size());
    }

    @Test
    void loadsNoCompilerAndRunsNoJavaOfARuleFile(@TempDir Path directory) throws IOException, InterruptedException {
        Path touched = directory.resolve("touched");
        String java = "java.nio.file.Files.createFile(java.nio.file.Path.of(\"" + touched + "\"))";
        Files.writeString(
                directory.resolve("a.drl"),
                "package a;\nfunction boolean f() { " + java + "; return true; }\n"
                        + Rules.rule("rhs", "$e : FileOpen()", java + ";")
                        + Rules.rule("eval", "$e : FileOpen()\neval( " + java + " != null )")
                        + Rules.rule("call", "$e : FileOpen( f() )")
                        + Rules.rule("inline", "$e : FileOpen( eval( " + java + " != null ) )")
                        + Rules.rule("sound", "$e : FileOpen( write )")
                        + Rules.rule("two", "$w : FileOpen( write )\n$e : ProcessExec( this after[0s,1s] $w )"));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        NoJavaTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("rules 2 refused 5");
        List<String> compilers = Files.readAllLines(log).stream()
                .filter(l -> l.contains("org.mvel")
                        || l.contains("org.eclipse.jdt")
                        || l.contains("javax.tools")
                        || l.contains("com.sun.tools.javac"))
                .toList();
        assertThat(compilers).isEmpty();
        assertThat(touched).doesNotExist();
    }
}
