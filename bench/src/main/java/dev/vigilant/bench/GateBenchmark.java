// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.gate.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event costs between enrichment and alert, with the gate and without it, by the number of rules. The rules are in
 * Falco's style: four shapes out of six begin with {@code container != null} and go on with lists, prefixes, suffixes or
 * expressions; two begin with an equality. Figures are per event; {@code -prof gc} tells the bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class GateBenchmark {
    private static final int EVENTS = 8192;

    /** One of so many events of the mixed stream is wanted by a rule: 0.5 %. */
    private static final int WANTED_OF = 200;

    /**
     * How many rules. {@code -p rules=packs} takes the built-in ones, for {@link #gateNo} only: these events all have one
     * time, so that rules of several events would keep all that they may.
     */
    @Param({"60", "240", "960"})
    private String rules = "60";

    private static final Container CONTAINER = Container.undescribed("c0ffee", "docker");
    private static final Process NGINX =
            process(9, "nginx", process(1, "init", null, List.of("init")), List.of("nginx"));
    private static final List<Process> RUNNING = IntStream.range(0, 50)
            .mapToObj(i -> process(
                    200 + i,
                    "worker" + i % 20,
                    NGINX,
                    List.of("worker" + i % 20, "--serve", "/srv/data/" + i, "-n", "4")))
            .toList();

    private RuleSession session;
    private BareSession bare;
    private Gate gate;
    private final List<KernelEvent> unwanted = new ArrayList<>();
    private final List<KernelEvent> wanted = new ArrayList<>();
    private final List<KernelEvent> mixed = new ArrayList<>();

    @Setup
    public void prepare() {
        boolean packs = rules.equals("packs");
        RuleSet set =
                packs ? RuleLoader.builtIn() : RuleLoader.load(List.of(MoreRules.source(Integer.parseInt(rules))));
        if (!set.refused().isEmpty()) {
            throw new IllegalStateException(set.refused().toString());
        }
        session = new RuleSession(set, (rule, evidence) -> {}, new Counters());
        bare = new BareSession(set);
        gate = set.gate();
        Random random = new Random(1);
        int most = packs ? 60 : Integer.parseInt(rules);
        while (mixed.size() < EVENTS) {
            KernelEvent event = event(random, mixed.size() % WANTED_OF == 0 ? random.nextInt(most) : -1);
            mixed.add(event);
            List<KernelEvent> kind = gate.mayMatch(event) ? wanted : unwanted;
            kind.add(event);
        }
        fill(unwanted);
        fill(wanted);
        System.out.printf(
                Locale.ROOT, "%d rules, %d of %d events pass%n", set.rules().size(), passing(), EVENTS);
    }

    private long passing() {
        return mixed.stream().filter(gate::mayMatch).count();
    }

    private static void fill(List<KernelEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalStateException("no events of that kind");
        }
        for (int i = 0; events.size() < EVENTS; i++) {
            events.add(events.get(i));
        }
        events.subList(EVENTS, events.size()).clear();
    }

    @TearDown
    public void close() {
        session.close();
        bare.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int gateNo() {
        int passed = 0;
        for (KernelEvent event : unwanted) {
            passed += gate.mayMatch(event) ? 1 : 0;
        }
        return passed;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void gateYesAndSession() {
        for (KernelEvent event : wanted) {
            session.offer(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void mixedWithGate() {
        for (KernelEvent event : mixed) {
            session.offer(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void mixedSessionAlone() {
        for (KernelEvent event : mixed) {
            bare.offer(event);
        }
    }

    /** An event of a busy container or of the host; {@code wanted} is the rule that it is made for, or -1. */
    private static KernelEvent event(Random random, int wanted) {
        Container container = wanted >= 0 || random.nextBoolean() ? CONTAINER : null;
        int shape = wanted >= 0 ? wanted % MoreRules.KINDS : random.nextInt(6);
        String name = shape == 1 && wanted >= 0 ? "tool" + wanted : "worker" + random.nextInt(20);
        List<String> args = shape == 3 && wanted >= 0
                ? List.of(name, "--steal" + wanted, "to", "http://evil.example/x")
                : List.of(name, "--serve", "/srv/data/" + random.nextInt(100), "-n", "4");
        // An exec makes a process; what it does after that is told of the same one.
        Process process = shape == 1 || shape == 3 || wanted >= 0
                ? process(100 + random.nextInt(50), name, NGINX, args)
                : RUNNING.get(random.nextInt(RUNNING.size()));
        Context context = new Context(
                1_790_000_000_000_000_000L,
                Origin.AUDIT,
                1,
                Actor.ofPid(process.pid(), 9),
                "x",
                "x86_64",
                3,
                Outcome.SUCCESS,
                true,
                null);
        context.identify(process, container);
        return switch (shape) {
            case 0, 2, 4 ->
                new FileOpen(context, FileTarget.ofPath(path(random, wanted)), shape == 0 ? 1 : 0, 0, false);
            case 1, 3 -> new ProcessExec(context, FileTarget.ofPath("/usr/bin/" + name), args, false);
            default ->
                new NetworkConnect(
                        context, 3, new SocketAddress(2, "10.0.0.7", wanted >= 0 ? 10_000 + wanted : 443, null, null));
        };
    }

    private static String path(Random random, int wanted) {
        if (wanted < 0) {
            String[] directories = {
                "/usr/lib/x86_64-linux-gnu/libfoo.so.", "/var/lib/app/data/f", "/proc/1234/status", "/etc/app/c"
            };
            return directories[random.nextInt(directories.length)] + random.nextInt(5000);
        }
        return switch (wanted % MoreRules.KINDS) {
            case 0 -> "/srv/app" + wanted + "/upload.php";
            case 2 -> "/home/eve/secret" + wanted + ".key";
            default -> "/etc/service" + wanted + "/config";
        };
    }

    private static Process process(int pid, String name, @Nullable Process parent, List<String> args) {
        return new Process(
                pid,
                1,
                name,
                "/usr/bin/" + name,
                false,
                args,
                "/",
                Credentials.UNKNOWN,
                null,
                parent,
                null,
                false,
                null);
    }
}
