// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.audit.AuditControl;
import dev.vigilant.audit.AuditStatus;
import dev.vigilant.bpf.BpfSensor;
import dev.vigilant.counter.Counters;
import dev.vigilant.proc.ProcConnectorReader;
import dev.vigilant.source.Support;
import dev.vigilant.source.Support.Supported;
import dev.vigilant.source.Support.Unavailable;
import dev.vigilant.source.Support.Unsupported;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vigilant doctor}: what works on this node, and what would help. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Say what works on this node, and what to do about the rest; exit code 1 when sensing cannot work.")
final class DoctorCommand implements Callable<Integer> {
    private static final int CONNECT_MILLIS = 2000;

    private static final Map<String, String> RUNTIMES = Map.of(
            "docker", "var/lib/docker/containers",
            "containerd", "run/containerd/io.containerd.runtime.v2.task",
            "podman or CRI-O", "var/lib/containers/storage",
            "iSulad", "var/lib/isulad/engines",
            "runc", "run/runc");

    @Mixin
    private SinkOptions common = new SinkOptions();

    @Override
    public Integer call() {
        Config config = common.config();
        Map<String, Support> findings = new LinkedHashMap<>();
        findings.put("privileges", privileges());
        findings.put("ebpf", BpfSensor.probe(config.root().resolve("proc")));
        findings.put("audit", audit());
        findings.put("process connector", processConnector());
        findings.put("container runtimes", runtimes(config.root()));
        for (String sink : config.sinks()) {
            if (sink.startsWith("kafka:") && sink.indexOf('/') > 0) {
                findings.put(sink, broker(sink.substring(6, sink.indexOf('/'))));
            }
        }
        findings.forEach(DoctorCommand::print);
        boolean senses = findings.get("ebpf") instanceof Supported || findings.get("audit") instanceof Supported;
        return senses && findings.get("privileges") instanceof Supported ? 0 : Vigilant.FINDINGS;
    }

    private static void print(String what, Support support) {
        if (support instanceof Supported s) {
            System.out.printf("ok    %-20s %s%n", what, s.detail());
        } else if (support instanceof Unsupported u) {
            System.out.printf("no    %-20s %s%n", what, u.reason());
        } else if (support instanceof Unavailable u) {
            System.out.printf("no    %-20s %s%n      %-20s -> %s%n", what, u.reason(), "", u.remedy());
        }
    }

    private static Support privileges() {
        List<String> missing = LiveSettings.missingCapabilities();
        return missing.isEmpty()
                ? new Supported("CAP_AUDIT_CONTROL, CAP_AUDIT_READ, CAP_NET_ADMIN")
                : new Unavailable("missing " + String.join(", ", missing), "run as root or grant them");
    }

    private static Support audit() {
        try (AuditControl control = new AuditControl()) {
            AuditStatus status = control.status();
            if (status.enabled() == 2) {
                return new Unavailable(
                        "locked until reboot (enabled=2)", "remove '-e 2' from the audit rules and reboot");
            }
            String owner = status.pid() == 0
                    ? "nobody owns it: vigilant will, gets every record first, and no record is printed to the kernel log"
                    : "pid " + status.pid()
                            + " owns it: vigilant will listen beside it, and its backlog settings apply";
            return new Supported(
                    owner + " (backlog limit " + status.backlogLimit() + ", lost since boot " + status.lost() + ")");
        } catch (IOException e) {
            return new Unavailable(
                    String.valueOf(e.getMessage()),
                    "needs CAP_AUDIT_CONTROL in the initial namespaces and a kernel with CONFIG_AUDITSYSCALL, booted without audit=0");
        }
    }

    private static Support processConnector() {
        try (ProcConnectorReader reader = new ProcConnectorReader(1 << 16, new Counters())) {
            return new Supported("fork, exec and exit cost no audit rule; descriptor " + reader.fd());
        } catch (IOException e) {
            return new Unavailable(
                    String.valueOf(e.getMessage()),
                    "needs CAP_NET_ADMIN in the initial namespaces and CONFIG_PROC_EVENTS; without it lineage comes from exec records");
        }
    }

    private static Support runtimes(Path root) {
        List<String> found = RUNTIMES.entrySet().stream()
                .filter(e -> Files.isDirectory(root.resolve(e.getValue())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return found.isEmpty()
                ? new Unavailable(
                        "no runtime's state directory is here",
                        "containers are recognised by cgroup all the same, but without name and image; mount the host's /run and /var/lib")
                : new Supported("state files of " + String.join(", ", found));
    }

    private static Support broker(String bootstrap) {
        String first = bootstrap.split(",", 2)[0];
        int colon = first.lastIndexOf(':');
        if (colon < 0) {
            return new Unavailable(first + " has no port", "write kafka:HOST:PORT/TOPIC");
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(first.substring(0, colon), Integer.parseInt(first.substring(colon + 1))),
                    CONNECT_MILLIS);
            return new Supported(first + " answers");
        } catch (IOException | NumberFormatException e) {
            return new Unavailable(
                    first + ": " + e.getMessage(), "start the broker or correct the address; alerts wait in the spool");
        }
    }
}
