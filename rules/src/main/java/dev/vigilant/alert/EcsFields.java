// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileEvent;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MountChange;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkBind;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Process;
import dev.vigilant.event.SocketAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What events say, in ECS names.
 *
 * <p>Threading: one. Memory: what it wrote of the latest processes and containers, 2.5 MiB at most, as an alert is rarely the only one
 * of its process.
 */
final class EcsFields {
    private static final int PERMISSION_BITS = 07777;
    private static final int FIVE_DIGITS = 010000;
    private static final int PROCESSES = 128;
    private static final int CONTAINERS = 64;

    private final Recent<Process> processes = new Recent<>(PROCESSES);
    private final Recent<Process> parents = new Recent<>(PROCESSES);
    private final Recent<Container> containers = new Recent<>(CONTAINERS);

    /** Within {@code event}. */
    static void eventFields(Json json, KernelEvent event, List<String> categories) throws IOException {
        List<String> all = EcsCategory.categories(event);
        if (!categories.isEmpty()) {
            all = new ArrayList<>(categories);
            all.addAll(EcsCategory.categories(event));
        }
        String operation = EventComponents.operation(event);
        json.text("action", operation == null ? event.kind().action() : operation);
        json.text("outcome", event.outcome());
        json.texts("category", all);
        json.texts("type", EcsCategory.types(event));
    }

    /** Process, user, file, network, container and orchestrator. */
    void subjects(Json json, KernelEvent event) throws IOException {
        process(json, event);
        user(json, event);
        FileTarget file = file(event);
        if (file != null) {
            json.object("file", f -> file(json, file));
        }
        network(json, event);
        Container container = event.container();
        if (container != null) {
            containers.write(json, container, container.id().hashCode(), EcsFields::container);
        }
    }

    /** Within {@code vigilant}: what ECS has no name for. */
    static void own(Json json, KernelEvent event) throws IOException {
        json.text("syscall", event.syscall());
        json.number("result", event.result());
        if (event.context().serial() != 0) {
            json.number("serial", event.context().serial());
        }
        if (!event.context().complete()) {
            json.truth("incomplete", true);
        }
        json.text("host_path", event instanceof FileEvent f ? f.hostPath() : null);
        json.object("event", e -> json.object(event.kind().label(), k -> EventComponents.write(json, event)));
    }

    /** Within {@code vigilant} of an alert: what ECS has no name for in a process. */
    static void ownProcess(Json json, KernelEvent event) throws IOException {
        Process process = event.process();
        if (process != null && (process.entry() || process.deleted() || process.stdin() != null)) {
            json.object("process", p -> {
                json.truth("entry", process.entry());
                json.truth("deleted", process.deleted());
                json.text("stdin", process.stdin());
            });
        }
    }

    private void process(Json json, KernelEvent event) throws IOException {
        Process process = event.process();
        if (process != null) {
            processes.write(json, process, process.pid(), this::process);
        } else if (event.context().actor().pid() != 0) {
            json.object("process", p -> actor(json, event.context().actor()));
        }
    }

    private void process(Json json, Process process) throws IOException {
        json.object("process", p -> {
            identity(json, process);
            credentials(json, "user", process.credentials());
            Capabilities capabilities = process.capabilities();
            if (capabilities != null) {
                json.object(
                        "thread",
                        t -> json.object("capabilities", c -> {
                            json.texts("effective", capabilities.effectiveNames());
                            json.texts("permitted", capabilities.permittedNames());
                        }));
            }
            Process parent = process.parent();
            if (parent != null) {
                parents.write(json, parent, parent.pid(), EcsFields::lineage);
            }
        });
    }

    private static void lineage(Json json, Process parent) throws IOException {
        json.object("parent", p -> identity(json, parent));
        json.objects("ancestors", chain(parent), EcsFields::ancestor);
    }

    /** {@link Process#ancestors} of its children. */
    private static List<Process> chain(Process parent) {
        List<Process> chain = new ArrayList<>();
        for (Process p = parent; p != null && chain.size() < Process.MAX_DEPTH; p = p.parent()) {
            chain.add(p);
        }
        return chain;
    }

    private static void actor(Json json, Actor actor) throws IOException {
        json.number("pid", actor.pid());
        json.text("name", actor.name());
        json.text("executable", actor.executable());
        json.text("working_directory", actor.workingDirectory());
        if (actor.ppid() != 0) {
            json.object("parent", p -> json.number("pid", actor.ppid()));
        }
    }

    private static void identity(Json json, Process process) throws IOException {
        json.number("pid", process.pid());
        json.text("name", process.name());
        json.text("executable", process.executable());
        json.texts("args", process.args());
        if (!process.args().isEmpty()) {
            json.number("args_count", process.args().size());
        }
        json.text("command_line", process.commandLine());
        json.text("working_directory", process.workingDirectory());
        json.time("start", process.startNanos());
        String tty = process.tty();
        if (tty != null) {
            json.truth("interactive", true);
            json.object("tty", t -> json.text("name", tty));
        }
    }

    private static void ancestor(Json json, Process process) throws IOException {
        json.number("pid", process.pid());
        json.text("name", process.name());
        json.text("executable", process.executable());
        json.text("command_line", process.commandLine());
    }

    private static void user(Json json, KernelEvent event) throws IOException {
        Process process = event.process();
        Credentials told = event.user();
        credentials(json, "user", process != null && told.equals(Credentials.UNKNOWN) ? process.credentials() : told);
    }

    private static void credentials(Json json, String name, Credentials credentials) throws IOException {
        if (credentials.equals(Credentials.UNKNOWN)) {
            return;
        }
        json.object(name, u -> {
            json.id("id", credentials.uid());
            json.object("effective", e -> json.id("id", credentials.euid()));
            if (credentials.auid() != Credentials.UNSET) {
                json.object("audit", a -> json.id("id", credentials.auid()));
            }
            json.object("group", g -> json.id("id", credentials.gid()));
        });
    }

    private static @Nullable FileTarget file(KernelEvent event) {
        if (event instanceof FileEvent f) {
            return f.file();
        }
        return event instanceof MountChange m ? m.file() : null;
    }

    private static void file(Json json, FileTarget file) throws IOException {
        json.text("path", file.path());
        json.text("name", file.name());
        json.text("directory", file.directory());
        json.text("type", file.type());
        if (file.inode() != 0) {
            json.numeral("inode", file.inode());
        }
        if (file.mode() != 0) {
            json.text("mode", permissions(file.mode()));
        }
        json.id("uid", file.uid());
        json.id("gid", file.gid());
    }

    /** Four octal digits. */
    private static String permissions(int mode) {
        return Integer.toOctalString((mode & PERMISSION_BITS) | FIVE_DIGITS).substring(1);
    }

    private static void network(Json json, KernelEvent event) throws IOException {
        if (event instanceof NetworkConnect connect) {
            json.object("destination", d -> address(json, connect.address()));
        } else if (event instanceof NetworkAccept accept) {
            json.object("source", s -> address(json, accept.address()));
        } else if (event instanceof NetworkBind bind) {
            json.object("source", s -> address(json, bind.address()));
        }
    }

    private static void address(Json json, SocketAddress address) throws IOException {
        json.text("ip", address.ip());
        json.text("address", address.ip() == null ? address.path() : address.ip());
        if (address.port() >= 0) {
            json.number("port", address.port());
        }
    }

    private static void container(Json json, Container container) throws IOException {
        json.object("container", c -> described(json, container));
        Container.Pod pod = container.pod();
        if (pod != null) {
            json.object("orchestrator", o -> orchestrator(json, pod));
        }
    }

    private static void described(Json json, Container container) throws IOException {
        json.text("id", container.id());
        json.text("name", container.name());
        json.text("runtime", container.runtime());
        if (container.imageName() != null || container.imageId() != null) {
            json.object("image", i -> {
                json.text("name", container.imageName());
                String id = container.imageId();
                if (id != null) {
                    json.object("hash", h -> json.texts("all", List.of(id)));
                }
            });
        }
        if (container.described()) {
            json.object("security_context", s -> json.truth("privileged", container.privileged()));
        }
    }

    private static void orchestrator(Json json, Container.Pod pod) throws IOException {
        json.text("type", "kubernetes");
        json.text("namespace", pod.namespace());
        json.object("resource", r -> {
            json.text("type", "pod");
            json.text("name", pod.name());
            json.text("id", pod.uid());
        });
    }
}
