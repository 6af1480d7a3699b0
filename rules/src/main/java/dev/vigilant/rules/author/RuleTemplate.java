// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

/** A first rule with its test, which passes as it is, to be made into another one. */
public final class RuleTemplate {
    private static final String RULE = """
            // What it sees, what it cannot see, and how it is evaded: say it here.
            package site;

            rule "%1$s"
                @id("%1$s") @severity("warning") @technique("T1059") @tags("container")
                @description("A program was run in a container that is not run there. Say here what that means.")
                @falsePositives("Say here what benign work looks the same.")
                @message("{file.path} run by {process.parent.name} in {container.name}: {process.commandLine}")
            when
                $run : ProcessExec( container != null, file.name in ("%1$s-program", "other-program"), outcome == "success" )
            then
                alert( $run );
            end
            """;
    private static final String TEST = """
            # Run with: vigilant rules test
            - name: a container runs it
              events:
                - ProcessExec: {file.path: /tmp/%1$s-program, args: [%1$s-program, --now], process.parent.name: sh, container.name: web}
              alerts:
                - {rule: %1$s, severity: warning, fields: {process.name: %2$s, container.name: web}}
            - name: the host runs it
              events:
                - ProcessExec: {file.path: /tmp/%1$s-program, process.parent.name: sh}
              silent: [%1$s]
            """;
    private static final int MAX_COMM = 15;

    private RuleTemplate() {}

    /** The rule file. */
    public static String rule(String id) {
        return RULE.formatted(id);
    }

    /** The test file. */
    public static String test(String id) {
        String program = id + "-program";
        return TEST.formatted(id, program.length() > MAX_COMM ? program.substring(0, MAX_COMM) : program);
    }
}
