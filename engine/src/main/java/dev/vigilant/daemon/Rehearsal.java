// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.container.RuntimeFiles;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.jna.Poller;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.FileSource;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.rules.PackArchive;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.sink.DeliverStage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/**
 * A start as far as it needs no privileges, for the launcher, which has the JVM remember the classes of it. What only a
 * privileged one uses is loaded all the same, and what the built-in packs hold is kept for the starts to come.
 */
final class Rehearsal {
    /** Jars of which a start uses nearly everything. */
    private static final List<String> WHOLE = List.of("sensor-", "rules-", "engine-", "disruptor-", "jna-");

    private Rehearsal() {}

    /** Replays a log, with as much as possible of what {@code run} does. */
    public static void main(String[] args) throws IOException {
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (WHOLE.stream().anyMatch(new File(jar).getName()::startsWith)) {
                load(jar);
            }
        }
        PackArchive.make();
        Vigilant.commandLine().execute("rules", "list");
        rehearse(Path.of(args[0]));
        System.exit(Vigilant.commandLine().execute("replay", args[0]));
    }

    private static void load(String path) throws IOException {
        try (JarFile jar = new JarFile(path)) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.contains("-"))
                    .forEach(name -> load(name, Rehearsal.class.getClassLoader()));
        }
    }

    private static void load(String file, ClassLoader loader) {
        try {
            Class.forName(file.replace(".class", "").replace('/', '.'), false, loader);
        } catch (ClassNotFoundException | LinkageError absent) {
            // What it extends is not shipped, so that nobody uses it.
        }
    }

    private static void rehearse(Path log) throws IOException {
        RuleSet rules = Rules.load(Config.DEFAULTS);
        rules.interests();
        Counters counters = new Counters();
        Host host = Node.host(Path.of("/"));
        new Poller().close();
        // As what was changed in audit is written.
        new ObjectMapper().writeValueAsString(host);
        Detection detection = new Detection(rules, 1, host.name(), counters);
        DeliverStage deliver = new DeliverStage(List.of(), new EcsJson(host), host.name(), counters);
        EnrichStage enrich = new EnrichStage(new Enricher(new RuntimeFiles(Path.of("/"))));
        try (Pipeline pipeline = new Pipeline(
                Config.DEFAULTS.ringSlots(), RunCommand.road(enrich, detection, deliver, new Latencies()), counters)) {
            new FileSource(List.of(log), pipeline, counters).run();
        }
        detection.close();
    }
}
