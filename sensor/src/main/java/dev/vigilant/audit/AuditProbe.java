// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counters;
import dev.vigilant.jna.ForeignSyscalls;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.proc.ProcConnectorReader;
import dev.vigilant.source.Support;
import dev.vigilant.source.Support.Supported;
import dev.vigilant.source.Support.Unavailable;
import dev.vigilant.source.Support.Unsupported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of kernel audit and the process connector works here, for the one who has to make it work. Changes nothing.
 *
 * <p>Threading: any. What the kernel's refusals mean:
 *
 * <pre>
 *  EPROTONOSUPPORT  no audit in this kernel
 *  ECONNREFUSED     booted with audit=0, or not in the initial user namespace
 *  EPERM            CAP_AUDIT_CONTROL is missing, or not in the initial pid namespace
 * </pre>
 */
public final class AuditProbe {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_AUDIT_CONTROL = 30;
    private static final int CAP_AUDIT_READ = 37;
    private static final String WHOLE_RANGE = "4294967295";

    private final Path proc;

    /** @param proc where proc is mounted: {@code /proc} */
    public AuditProbe(Path proc) {
        this.proc = proc;
    }

    /** All checks by name, the most fundamental first. */
    public Map<String, Support> all() {
        Map<String, Support> findings = new LinkedHashMap<>();
        findings.put("privileges", privileges());
        findings.put("namespaces", namespaces());
        try (AuditControl control = new AuditControl()) {
            AuditStatus status = control.status();
            findings.put("audit", audit(status));
            findings.put("audit owner", owner(status));
            findings.put("audit backlog", backlog(status));
        } catch (NativeFailure e) {
            findings.put("audit", refused(e));
        } catch (IOException e) {
            findings.put("audit", new Unavailable(String.valueOf(e.getMessage()), "try again"));
        }
        findings.put("x32 programs", x32(ForeignSyscalls.x32()));
        findings.put("process connector", processConnector());
        return findings;
    }

    /** The capabilities that sensing needs. */
    public Support privileges() {
        long effective = 0;
        for (String line : text("self/status").split("\n", -1)) {
            if (line.startsWith("CapEff:")) {
                effective = capabilities(line.substring("CapEff:".length()).trim());
            }
        }
        List<String> missing = new ArrayList<>();
        Map<String, Integer> needed = new LinkedHashMap<>();
        needed.put("CAP_AUDIT_CONTROL", CAP_AUDIT_CONTROL);
        needed.put("CAP_AUDIT_READ", CAP_AUDIT_READ);
        needed.put("CAP_NET_ADMIN", CAP_NET_ADMIN);
        for (Map.Entry<String, Integer> capability : needed.entrySet()) {
            if ((effective >>> capability.getValue() & 1) == 0) {
                missing.add(capability.getKey());
            }
        }
        return missing.isEmpty()
                ? new Supported("CAP_AUDIT_CONTROL, CAP_AUDIT_READ, CAP_NET_ADMIN")
                : new Unavailable(
                        "missing " + String.join(", ", missing),
                        "run as root, or in a container with --cap-add of each");
    }

    private static long capabilities(String hex) {
        try {
            return Long.parseUnsignedLong(hex, 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether this is the initial user namespace and, as far as one can see from inside, the initial pid namespace. */
    public Support namespaces() {
        String[] map = text("self/uid_map").trim().split("\\s+", -1);
        if (map.length == 3 && !(map[0].equals("0") && map[1].equals("0") && map[2].equals(WHOLE_RANGE))) {
            return new Unavailable(
                    "in a user namespace: the kernel lets nobody in one read audit",
                    "run on the host, or in a container without user namespace");
        }
        // Kernel threads live in the initial pid namespace only; kthreadd is its pid 2.
        if (!text("2/comm").trim().equals("kthreadd")) {
            return new Unavailable(
                    "in a pid namespace: the kernel lets nobody in one own audit or set rules",
                    "run on the host, or in a container with --pid=host");
        }
        return new Supported("the host's user and pid namespaces");
    }

    private static Support audit(AuditStatus status) {
        if (status.enabled() == AuditStatus.LOCKED) {
            return new Unavailable(
                    "locked until reboot (enabled=2): no rule can be added",
                    "remove '-e 2' from the audit rules (/etc/audit/rules.d) and reboot");
        }
        return new Supported(
                status.enabled() == 1 ? "on" : "off now: vigilant switches it on, and off again at its end");
    }

    private Support owner(AuditStatus status) {
        if (status.pid() == 0) {
            return new Supported(
                    "nobody: vigilant will own it, get every record, and keep them out of the kernel's log");
        }
        String name = text(status.pid() + "/comm").trim();
        return new Supported((name.isEmpty() ? "" : name + " ") + "pid " + status.pid()
                + ": vigilant will listen beside it; backlog and wait time are the owner's");
    }

    private static Support backlog(AuditStatus status) {
        String state = "limit " + status.backlogLimit() + ", wait time " + status.backlogWaitTime() + " jiffies, "
                + status.lost() + " records lost since boot";
        return new Supported(
                status.failure() == AuditStatus.FAIL_PANIC
                        ? state + "; a lost record stops the machine (failure=2), so processes wait for room as before"
                        : state);
    }

    private Support refused(NativeFailure e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.errno()) {
            case NativeFailure.EPROTONOSUPPORT -> new Unsupported("this kernel has no audit (CONFIG_AUDIT)");
            case NativeFailure.ECONNREFUSED ->
                text("cmdline").contains("audit=0")
                        ? new Unavailable(
                                "the kernel was booted with audit=0", "remove it from the command line, reboot")
                        : new Unavailable(message, "run on the host, or in a container without user namespace");
            case NativeFailure.EPERM ->
                new Unavailable(message, "run as root on the host, or with CAP_AUDIT_CONTROL and --pid=host");
            default -> new Unavailable(message, "look up the errno in audit(8)");
        };
    }

    static Support x32(boolean works) {
        return works
                ? new Unavailable(
                        "their syscalls match no audit rule: a program built for x32 is not sensed",
                        "boot with syscall.x32=n")
                : new Supported("the kernel runs none, so none can hide from audit rules");
    }

    private static Support processConnector() {
        try (ProcConnectorReader reader = new ProcConnectorReader(1 << 16, new Counters())) {
            return new Supported("fork, exec and exit are told without audit rules (descriptor " + reader.fd() + ")");
        } catch (NativeFailure e) {
            return e.errno() == NativeFailure.EPROTONOSUPPORT
                    ? new Unsupported(
                            "this kernel has no connector (CONFIG_PROC_EVENTS); lineage comes from exec records")
                    : new Unavailable(
                            e.getMessage() + "; lineage comes from exec records",
                            "run with CAP_NET_ADMIN, --pid=host and --network=host");
        } catch (IOException e) {
            return new Unavailable(String.valueOf(e.getMessage()), "try again");
        }
    }

    private String text(String file) {
        try {
            return new String(Files.readAllBytes(proc.resolve(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
