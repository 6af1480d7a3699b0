// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.rules.RuleSource;
import java.util.Locale;

/**
 * Rules in Falco's style, as many as are wanted: four shapes out of six begin with {@code container != null} and go on with lists,
 * prefixes, suffixes or expressions; two begin with an equality.
 */
final class MoreRules {
    private static final String[] SHAPES = {
        "FileOpen( container != null, write, file.path str[startsWith] \"/srv/app%1$d/\" )",
        "ProcessExec( container != null, process.name in ( \"tool%1$d\", \"kit%1$d\" ), process.parent.name in ( \"nginx\", \"httpd\" ) )",
        "FileOpen( container != null, file.path str[endsWith] \"/secret%1$d.key\", process.executable not in ( \"/usr/bin/a\", \"/bin/b\" ) )",
        "ProcessExec( container != null, process.commandLine matches \".*(--steal%1$d|-s%1$d) .*http.*\" )",
        "FileOpen( file.path == \"/etc/service%1$d/config\", process.name not in ( \"systemd\", \"dpkg\" ) )",
        "NetworkConnect( address.port == %2$d, process.name != \"sshd\" )",
    };

    /** How many shapes there are; rule {@code i} has shape {@code i % KINDS}. */
    static final int KINDS = SHAPES.length;

    private MoreRules() {}

    static RuleSource source(int count) {
        StringBuilder text = new StringBuilder("package bench;\n");
        for (int i = 0; i < count; i++) {
            text.append("rule \"r").append(i).append("\" @id(\"r").append(i);
            text.append("\") @severity(\"warning\") @description(\"d\")\nwhen\n    $e : ");
            text.append(String.format(Locale.ROOT, SHAPES[i % KINDS], i, 10_000 + i));
            text.append("\nthen\n    alert( $e );\nend\n");
        }
        return new RuleSource("bench.drl", text.toString());
    }
}
