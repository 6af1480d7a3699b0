// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Container;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rules of all shapes with random constraints, and events that they are about. */
final class RandomRules {
    private static final String[] PATHS = {"/etc/shadow", "/etc/x", "/tmp/x", "/tmp/y", "/root/.ssh/id"};
    private static final String[] NAMES = {"sh", "bash", "nginx", "cat"};
    private static final String[] CONSTRAINTS = {
        "file.path == \"%p\"",
        "file.path != \"%p\"",
        "file.path in (\"%p\", \"%p\")",
        "file.path str[under] Dirs",
        "file.path str[endsWith] \"x\"",
        "file.path matches \"/tmp/.*\"",
        "process.name == \"%n\"",
        "process.name not in (Shells)",
        "process.parent.name == \"%n\"",
        "process.ancestors.name contains \"%n\"",
        "process.ancestors.name not memberOf Shells",
        "process.pid > 2",
        "container != null",
        "container.name == \"web\"",
        "user.auid == 1000",
        "file.name == \"x\"",
        "lower(file.path) == \"%p\"",
        "lower(file.path) str[endsWith] \"/shadow\"",
        "lower(file.name) not in (\"x\", \"shadow\")",
        "lower(file.directory) str[under] \"/etc\"",
        "lower(process.name) in (\"%n\", \"x\")",
        "lower(process.executable) matches \".*/%n\"",
        "lower(process.ancestors.name) contains \"%n\"",
        "file.name not in (\"x\", \"shadow\")",
        "file.path str[startsWith] \"/tm\"",
        "file.path contains \"/.ss\"",
        "file.path matches \"(/.*)?/(x|id|shado.)\"",
        "process.ancestors.name str[startsWith] \"ng\"",
        "process.executable matches \"/usr/(s?bin|lib)/(%n|.*x)\"",
        "container.mounts.source contains \"/srv/data\"",
        "container.labels[\"app\"] == \"shop\"",
        "hostPath != null",
        "process.pid < 3",
        "process.pid in (1, 3)",
        "process == null",
        "process.args[0] == \"%n\"",
        "process.nameAndArguments str[startsWith] \"%n\"",
        "file.directory == \"/etc\"",
        "file.directory str[startsWith] \"/\"",
        "file.directory not in (\"/\", \"/tmp\")",
        "processAgeNanos < 2000000000",
        "process.name == file.name",
        "!(file.name str[startsWith] \"e\")",
        "!(file.name contains \"/\")",
        "!(file.name str[endsWith] \"h/id\")",
        "file.name not matches \"(ro|sh).*\"",
        "file.path not matches \"(/.*)?/etc/.*\"",
        "file.path not matches \"/(tmp|root)/[a-z]\"",
        "lower(file.name) not matches \"[xy]|i.*\"",
    };
    private static final String[] JOINS = {
        "process.pid == $%b.process.pid",
        "process.name != $%b.process.name",
        "file.path == $%b.file.path",
        "this != $%b",
        "$%b.process.name memberOf process.ancestors.name",
        "container.id == $%b.container.id",
    };

    private static final Container[] CONTAINERS = {
        null, null, Events.CONTAINER, Events.CONTAINER, Events.CONTAINER, Events.OTHER_CONTAINER
    };

    private RandomRules() {}

    static RuleSet ruleSet(Random random, int count) {
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int shape = random.nextInt(9);
            String last = "FileOpen( " + constraints(random);
            String when = switch (shape) {
                case 0, 1 -> "$e : " + last + " )";
                case 2 ->
                    "$a : FileEvent( " + constraints(random) + " )\n$e : " + last + join(random, "a")
                            + time(random, "a") + " )";
                case 3 ->
                    "$e : " + last + " )\nnot ProcessExec( " + constraints(random) + join(random, "e")
                            + ", this before[0s,3s] $e )";
                case 5 ->
                    "$a : FileEvent( " + constraints(random) + " )\n$e : " + last + join(random, "a")
                            + time(random, "a") + " )\nexists ProcessExec( " + constraints(random)
                            + join(random, "a") + ", this after[0s,2s] $e )";
                case 6 ->
                    "$e : " + last + " )\n" + count(random, "n", "FileEvent", "e") + "; " + asked(random, "$n") + " )";
                case 7 ->
                    "$e : " + last + " )\naccumulate( $c : FileOpen( " + constraints(random) + join(random, "e")
                            + ", this before[0s,4s] $e ); $n : collectSet( $c."
                            + (random.nextBoolean() ? "file.path" : "process.pid") + " ); "
                            + asked(random, "$n.size") + " )";
                case 8 ->
                    "$a : FileEvent( " + constraints(random) + " )\n$e : " + last + time(random, "a") + " )\n"
                            + count(random, "n", "FileOpen", "a") + " )\n"
                            + count(random, "m", "ProcessExec", "e") + "; "
                            + "$n + $m >= " + (1 + random.nextInt(5)) + " )";
                default ->
                    "$a : FileOpen( " + constraints(random) + " )\n$b : ProcessExec( "
                            + constraints(random) + join(random, "a") + time(random, "a") + " )\n$e : " + last
                            + join(random, "a")
                            + time(random, "b") + " )";
            };
            String then = switch (shape) {
                case 2, 5, 8 -> "alert( $a, $e );";
                case 4 -> "alert( $a, $b, $e );";
                default -> "alert( $e );";
            };
            rules.add(Rules.rule("r" + i, when, then));
        }
        return Rules.sound(rules.toArray(String[]::new));
    }

    private static String count(Random random, String name, String type, String binding) {
        return "accumulate( " + type + "( " + constraints(random) + join(random, binding) + ", this before[0s,"
                + (1 + random.nextInt(5)) + "s] $" + binding + " ); $" + name + " : count()";
    }

    private static String asked(Random random, String number) {
        int n = 1 + random.nextInt(4);
        return switch (random.nextInt(5)) {
            case 0 -> number + " == " + n;
            case 1 -> number + " <= " + n;
            case 2 -> number + " > " + n + " && " + number + " < " + (n + 3);
            default -> number + " >= " + n;
        };
    }

    private static String time(Random random, String binding) {
        return random.nextInt(4) == 0
                ? ", this coincides[2s] $" + binding
                : ", this after[0s," + (1 + random.nextInt(4)) + "s] $" + binding;
    }

    private static String join(Random random, String binding) {
        return random.nextBoolean() ? "" : ", " + JOINS[random.nextInt(JOINS.length)].replace("%b", binding);
    }

    private static String constraints(Random random) {
        String one = constraint(random);
        return switch (random.nextInt(6)) {
            case 0 -> one + ", " + constraint(random);
            case 1 -> one + " || " + constraint(random);
            case 2 -> "!(" + one + " && " + constraint(random) + ")";
            default -> one;
        };
    }

    private static String constraint(Random random) {
        String constraint = CONSTRAINTS[random.nextInt(CONSTRAINTS.length)];
        while (constraint.contains("%p")) {
            constraint = constraint.replaceFirst("%p", PATHS[random.nextInt(PATHS.length)]);
        }
        return constraint.replace("%n", NAMES[random.nextInt(NAMES.length)]);
    }

    static List<KernelEvent> events(Random random, int count) {
        List<KernelEvent> events = new ArrayList<>();
        long time = Events.START;
        for (int i = 0; i < count; i++) {
            time += 1 + random.nextInt(3) * (Events.SECOND / 3) + random.nextInt(2);
            Process parent = random.nextInt(3) == 0 ? null : Events.process(1, NAMES[random.nextInt(4)], null);
            Process process = random.nextInt(8) == 0
                    ? null
                    : Events.process(1 + random.nextInt(4), NAMES[random.nextInt(4)], parent);
            Container container = CONTAINERS[random.nextInt(CONTAINERS.length)];
            String path = PATHS[random.nextInt(PATHS.length)];
            events.add(
                    random.nextInt(3) == 0
                            ? Events.exec(time, process, container, path)
                            : Events.open(time, process, container, path, random.nextInt(4)));
        }
        return events;
    }
}
