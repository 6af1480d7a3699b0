// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vigilant.detect.RuleProfile;
import dev.vigilant.detect.RuleProfile.Cost;
import dev.vigilant.rules.RuleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules profile}: which rule is dear. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description =
                "Say which rules are dear on the events of a recording or audit.log: each rule runs alone over all of them.")
final class RulesProfileCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "audit.log, a recording, or what vigilant events printed.")
    private Path file = Path.of("");

    @Option(
            names = "--events",
            paramLabel = "COUNT",
            description = "Take the first COUNT events. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100000")
    private int limit;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json. Default: text.")
    private String format = "text";

    @Override
    public Integer call() throws IOException {
        if (!format.equals("text") && !format.equals("json")) {
            throw new ConfigurationException("--format " + format + ": write text or json");
        }
        if (limit < 1) {
            throw new ConfigurationException("--events " + limit + ": write a number from 1");
        }
        RuleSet rules = Rules.load(common.config());
        EventFile.First first = EventFile.first(file, limit, problem -> System.err.println("vigilant: " + problem));
        if (first.events().isEmpty()) {
            throw new ConfigurationException(file + ": holds no event");
        }
        RuleProfile profile = new RuleProfile(first.events(), ROUNDS);
        Cost together = profile.together(rules);
        List<Cost> costs = new ArrayList<>(profile.alone(rules));
        costs.sort(Comparator.comparingLong(Cost::nanos).reversed());
        System.out.println(format.equals("json") ? json(first, together, costs) : text(first, together, costs));
        return 0;
    }

    private static String text(EventFile.First first, Cost together, List<Cost> costs) {
        int taken = first.events().size();
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%,d of %,d events; all %,d rules together: %.1f ms CPU, %.2f us an event, %,d events past the gate, %,d"
                        + " matches%n",
                taken,
                first.total(),
                costs.size(),
                together.nanos() / 1e6,
                together.nanos() / 1e3 / taken,
                together.asked(),
                together.matches()));
        out.append("each alone, behind its own gate, CPU time of the quickest of " + ROUNDS
                + " rounds; together they share gate and conditions and cost less than the sum\n\n");
        out.append(String.format("%10s %10s %10s %10s  %s%n", "ms", "ns/event", "asked", "matches", "rule"));
        for (Cost cost : costs) {
            out.append(String.format(
                    Locale.ROOT,
                    "%10.2f %10.1f %10d %10d  %s%n",
                    cost.nanos() / 1e6,
                    (double) cost.nanos() / taken,
                    cost.asked(),
                    cost.matches(),
                    cost.id()));
        }
        return out.toString().stripTrailing();
    }

    private static String json(EventFile.First first, Cost together, List<Cost> costs) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("events", first.events().size());
        root.put("events_in_file", first.total());
        root.put("rounds", ROUNDS);
        put(root.putObject("together"), together);
        ArrayNode rules = root.putArray("rules");
        costs.forEach(cost -> put(rules.addObject().put("id", cost.id()), cost));
        return root.toPrettyString();
    }

    private static void put(ObjectNode node, Cost cost) {
        node.put("asked", cost.asked()).put("matches", cost.matches()).put("cpu_seconds", cost.nanos() / 1e9);
    }
}
