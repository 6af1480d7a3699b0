// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that owns audit as the daemon does, until its input ends or it is killed. */
final class OwningProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private OwningProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static OwningProcess start(Path stateDirectory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwningProcess.class.getName(),
                        stateDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        OwningProcess owner = new OwningProcess(process);
        String line = owner.output.readLine();
        if (!"owns".equals(line)) {
            throw new IOException("the owning process said " + line);
        }
        return owner;
    }

    int pid() {
        return (int) process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it in peace. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the process runs. */
    public static void main(String[] args) throws Exception {
        try (AuditControl control = new AuditControl();
                AuditSession session = AuditSession.begin(control, Path.of(args[0]))) {
            session.enable(4321, false);
            try (NetlinkAuditReader reader = NetlinkAuditReader.owner(control.status(), 1 << 20, new Counters())) {
                List<Interest> interests = List.of(new Interest(EventKind.FILE_MKDIR, List.of()));
                session.install(
                        AuditRules.of(interests, (int) ProcessHandle.current().pid()));
                System.out.println("owns");
                System.out.flush();
                while (System.in.read() >= 0) {
                    reader.read((channel, type, buffer, offset, length, time) -> {});
                }
            }
        }
    }
}
