// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What rules see of an event beside its own record, in the names of the rule language and complete, so that a printed event
 * can be read back and decided on.
 */
final class RuleFields {
    private RuleFields() {}

    static void write(Json json, KernelEvent event) throws IOException {
        json.object("context", c -> context(c, event.context()));
        Process process = event.process();
        if (process != null) {
            json.object("process", p -> process(p, process));
        }
        Container container = event.container();
        if (container != null) {
            json.object("container", c -> EventComponents.write(c, container));
        }
    }

    private static void context(Json json, Context context) throws IOException {
        json.number("timeNanos", context.timeNanos());
        json.text("origin", context.origin().label());
        json.number("serial", context.serial());
        Actor actor = context.actor();
        json.object("actor", a -> EventComponents.write(a, actor));
        json.text("syscall", context.syscall());
        json.text("arch", context.arch());
        json.number("result", context.result());
        json.text("outcome", context.outcome().label());
        json.truth("complete", context.complete());
    }

    /** The container of an ancestor is told by its id and runtime: it is the event's own, or nobody asks more of it. */
    private static void process(Json json, Process process) throws IOException {
        json.number("pid", process.pid());
        json.number("startNanos", process.startNanos());
        json.text("name", process.name());
        json.text("executable", process.executable());
        json.truth("deleted", process.deleted());
        json.texts("args", process.args());
        json.text("workingDirectory", process.workingDirectory());
        json.object("credentials", c -> EventComponents.write(c, process.credentials()));
        json.text("tty", process.tty());
        json.truth("entry", process.entry());
        json.text("stdin", process.stdin());
        Container container = process.container();
        if (container != null) {
            json.object("container", c -> {
                c.text("id", container.id());
                c.text("runtime", container.runtime());
            });
        }
        @Nullable Process parent = process.parent();
        if (parent != null) {
            json.object("parent", p -> process(p, parent));
        }
    }
}
