// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import java.util.List;
import java.util.Map;

/** Events for tests, with as little said as the test needs. */
final class Events {
    static final long SECOND = 1_000_000_000L;
    static final long START = 1_790_000_000L * SECOND;
    static final Container CONTAINER = new Container(
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "docker",
            true,
            "web",
            "nginx:1.27",
            null,
            100,
            false,
            List.of(),
            List.of(new Container.BindMount("/srv/data", "/data", true)),
            Map.of("app", "shop"),
            null);

    static final Container OTHER_CONTAINER = Container.undescribed("fe".repeat(32), "containerd");

    private Events() {}

    static Context context(long nanos, Process process, Container container) {
        Credentials root = new Credentials(1000, 0, 0, 0, 0, 0, 0, 0, 0);
        Actor actor = new Actor(
                process == null ? 0 : process.pid(),
                1,
                root,
                process == null ? null : process.name(),
                null,
                false,
                null,
                null,
                3,
                null);
        Context context =
                new Context(nanos, Origin.AUDIT, 7, actor, "openat", "x86_64", 3, Outcome.SUCCESS, true, null);
        context.identify(process, container);
        return context;
    }

    static Process process(int pid, String name, Process parent, String... args) {
        return new Process(
                pid,
                START,
                name,
                "/usr/bin/" + name,
                false,
                List.of(args),
                "/",
                Credentials.UNKNOWN,
                null,
                parent,
                null,
                false,
                null);
    }

    static FileOpen open(long nanos, Process process, Container container, String path, long flags) {
        return new FileOpen(context(nanos, process, container), FileTarget.ofPath(path), flags, 0, false);
    }

    static ProcessExec exec(long nanos, Process process, Container container, String path, String... args) {
        return new ProcessExec(context(nanos, process, container), FileTarget.ofPath(path), List.of(args), false);
    }
}
