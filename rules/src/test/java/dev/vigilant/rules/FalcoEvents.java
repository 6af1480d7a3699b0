// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Actor;
import dev.vigilant.event.BpfCommand;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.CredentialChange;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FdDuplicate;
import dev.vigilant.event.FileChmod;
import dev.vigilant.event.FileLink;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.FileUnlink;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.KernelModule;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.NetworkListen;
import dev.vigilant.event.NetworkSocket;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessAccess;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.event.SystemCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of the table of Falco's conditions, by the names that it calls them. */
final class FalcoEvents {
    private static final long NOW = Events.START + 10 * Events.SECOND;
    private static final Credentials ROOT = new Credentials(-1, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final Credentials BOB = new Credentials(1000, 1000, 50, 1000, 1000, 1000, 50, 50, 50);

    private static final Container WEB = new Container(
            "0123456789ab" + "0".repeat(52),
            "docker",
            true,
            "web",
            "docker.io/library/nginx:1.27@sha256:aa",
            "sha256:bb",
            10,
            false,
            List.of(),
            List.of(
                    new Container.BindMount("/var/run/docker.sock", "/s", true),
                    new Container.BindMount("/proc", "/host/proc", false)),
            Map.of("app", "shop"),
            new Container.Pod("u-1", "web-1", "shop", "web"));
    private static final Container UNDESCRIBED = Container.undescribed("f".repeat(64), "runc");

    private static final Process INIT = process(1, "systemd", "/usr/lib/systemd/systemd", "/", null, "/sbin/init");
    private static final Process NGINX =
            within(WEB, true, process(10, "nginx", "/usr/sbin/nginx", "/", INIT, "nginx", "-g", "daemon off;"));
    private static final Process SH = onTerminal(
            within(WEB, false, process(20, "sh", "/bin/dash", "/tmp", NGINX, "sh", "-c", "cat /etc/shadow")));
    private static final Process CAT =
            within(WEB, false, process(21, "cat", "/usr/bin/cat", "/", SH, "cat", "/etc/shadow"));
    /** CAP_NET_RAW, of which CAP_SYS_ADMIN and CAP_NET_RAW are permitted. */
    private static final Process CURL = capable(
            0x2000,
            0x202000,
            within(WEB, false, process(60, "curl", "/usr/bin/curl", "/", SH, "curl", "https://10.1.2.3")));

    private static final Process SSHD = process(15, "sshd", "/usr/sbin/sshd", "/", INIT, "sshd: bob");
    private static final Process BASH = process(29, "bash", "/usr/bin/bash", "/home/bob", SSHD, "-bash");
    private static final Process VI = equipped(
            30,
            Map.of("EDITOR", "vi", "HTTP_PROXY", "http://p"),
            started(NOW - Events.SECOND, process(30, "vi", "/usr/bin/vim.basic", "/home/bob", BASH, "vi")));
    private static final Process X =
            equipped(29, Map.of(), process(40, "x", "/memfd:x", "/home/bob", BASH, "x", "aWQ="));
    private static final Process HOST_CURL =
            process(61, "curl", "/usr/bin/curl", "/home/bob", BASH, "curl", "http://x");
    private static final Process PAUSE = started(0, within(UNDESCRIBED, true, process(50, "pause", null, null, null)));

    private FalcoEvents() {}

    static Map<String, KernelEvent> all() {
        Map<String, KernelEvent> all = new LinkedHashMap<>();
        files(all);
        sockets(all);
        all.put("exec", exec(of(SH, "execve", 0), "/bin/dash", true));
        all.put("start", exec(of(NGINX, "execve", 0), "/usr/sbin/nginx", false));
        all.put("memory", exec(of(X, "execveat", 0), "/memfd:x", false));
        all.put("unknown", exec(of(PAUSE, "execve", 0), "/pause", false));
        all.put("setuid", new CredentialChange(of(VI, "setuid", 0), "setuid", 0));
        all.put("ptrace", new ProcessAccess(of(VI, "ptrace", 0), "ptrace", 16, 7, null));
        all.put("bpf", new BpfCommand(of(VI, "bpf", 0), 5));
        all.put("dup", new FdDuplicate(of(VI, "dup2", 0), 6, 0));
        all.put("setns", new NamespaceChange(of(SH, "setns", 0), "setns", 0x20000, 4));
        all.put("module", new KernelModule(of(SH, "finit_module", 0), "finit_module", "x"));
        all.put("refused", new KernelModule(of(SH, "finit_module", -1), "finit_module", "x"));
        all.put("fault", new SystemCall(of(SH, "userfaultfd", 0), "userfaultfd", 0, 0, 0, 0));
        return all;
    }

    private static void files(Map<String, KernelEvent> all) {
        all.put("open", new FileOpen(of(CAT, "openat", 3), FileTarget.ofPath("/etc/shadow"), 0, 0, false));
        FileTarget keys =
                FileTarget.ofPath("/home/bob/.ssh/authorized_keys").withRawPath("../bob/.ssh/authorized_keys");
        all.put("write", new FileOpen(of(VI, "open", 5), keys, 0x241, 0600, true));
        FileTarget shadow = FileTarget.ofPath("/etc/shadow").withRawPath("../../etc/shadow");
        all.put("failed", new FileOpen(of(VI, "openat", -13), shadow, 0, 0, false));
        FileTarget etc = FileTarget.ofPath("/etc").withRawPath(null);
        all.put("directory", new FileOpen(of(VI, "openat2", 4), etc, 0x10000, 0, false));
        FileTarget x = FileTarget.ofPath("/x").withRawPath(null);
        all.put("bare", new FileOpen(of(null, "creat", 7), x, 0x241, 0755, true));
        all.put("chmod", new FileChmod(of(VI, "fchmodat", 0), FileTarget.ofPath("/home/bob/x"), 04755));
        all.put(
                "rename",
                new FileRename(
                        of(VI, "renameat2", 0), FileTarget.ofPath("/home/bob/p"), FileTarget.ofPath("/etc/passwd")));
        all.put(
                "link",
                new FileLink(of(VI, "linkat", 0), FileTarget.ofPath("/etc/shadow"), FileTarget.ofPath("/tmp/s")));
        all.put("symlink", new FileSymlink(of(VI, "symlinkat", 0), FileTarget.ofPath("/tmp/l"), "/etc/shadow"));
        FileTarget history = FileTarget.ofPath("/home/bob/.bash_history");
        all.put("unlink", new FileUnlink(of(VI, "unlink", 0), history, false));
        all.put("rmdir", new FileUnlink(of(VI, "rmdir", 0), FileTarget.ofPath("/tmp/d"), true));
    }

    private static void sockets(Map<String, KernelEvent> all) {
        all.put("connect", new NetworkConnect(of(CURL, "connect", -115), 6, address(2, "10.1.2.3", 443)));
        all.put("connect6", new NetworkConnect(of(HOST_CURL, "connect", 0), 7, address(10, "fd00::1", 53)));
        all.put(
                "unix",
                new NetworkConnect(
                        of(HOST_CURL, "connect", 0), 9, new SocketAddress(1, null, -1, "/run/docker.sock", null)));
        all.put("accept", new NetworkAccept(of(NGINX, "accept4", 8), 8, address(2, "192.168.1.9", 40000)));
        all.put("listen", new NetworkListen(of(NGINX, "listen", 0), 5, 128));
        all.put("socket", new NetworkSocket(of(VI, "socket", 3), 17, 3, 0, 3));
    }

    private static SocketAddress address(int family, String ip, int port) {
        return new SocketAddress(family, ip, port, null, null);
    }

    private static ProcessExec exec(Context context, String path, boolean upperLayer) {
        Process process = context.process();
        return new ProcessExec(context, FileTarget.ofPath(path), process.args(), false, upperLayer);
    }

    private static Context of(Process process, String syscall, long result) {
        boolean web = process != null && process.container() != null;
        Credentials credentials = process == null ? Credentials.UNKNOWN : web ? ROOT : BOB;
        Actor actor =
                new Actor(process == null ? 0 : process.pid(), 1, credentials, null, null, false, null, null, 3, null);
        boolean success = result >= 0 || result == -115;
        Context context = new Context(
                NOW,
                Origin.AUDIT,
                7,
                actor,
                syscall,
                "x86_64",
                result,
                success ? Outcome.SUCCESS : Outcome.FAILURE,
                true,
                null);
        context.identify(process, process == null ? null : process.container());
        return context;
    }

    private static Process process(
            int pid, String name, String executable, String directory, Process parent, String... args) {
        return new Process(
                pid,
                Events.START,
                name,
                executable,
                false,
                List.of(args),
                directory,
                Credentials.UNKNOWN,
                null,
                parent,
                null,
                false,
                null);
    }

    private static Process within(Container container, boolean entry, Process p) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                false,
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                null,
                p.parent(),
                container,
                entry,
                null,
                p.capabilities(),
                p.processGroup(),
                p.environment());
    }

    private static Process onTerminal(Process p) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                false,
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                "pts0",
                p.parent(),
                p.container(),
                p.entry(),
                null,
                p.capabilities(),
                p.processGroup(),
                p.environment());
    }

    private static Process capable(long effective, long permitted, Process p) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                false,
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                null,
                p.parent(),
                p.container(),
                p.entry(),
                null,
                new Capabilities(effective, permitted),
                p.processGroup(),
                p.environment());
    }

    private static Process equipped(int group, Map<String, String> environment, Process p) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                false,
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                null,
                p.parent(),
                p.container(),
                p.entry(),
                null,
                p.capabilities(),
                group,
                environment);
    }

    private static Process started(long nanos, Process p) {
        return new Process(
                p.pid(),
                nanos,
                p.name(),
                p.executable(),
                false,
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                null,
                p.parent(),
                p.container(),
                p.entry(),
                null,
                p.capabilities(),
                p.processGroup(),
                p.environment());
    }
}
