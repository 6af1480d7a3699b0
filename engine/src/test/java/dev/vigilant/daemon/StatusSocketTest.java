// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void answersEachWhoAsksAnewAndOnlyItsOwner() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (StatusSocket socket = new StatusSocket(directory, () -> bytes("{" + asked.incrementAndGet() + "}"))) {
            assertThat(Files.getPosixFilePermissions(path())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(ask()).isEqualTo("{1}");
            assertThat(ask()).isEqualTo("{2}");
            try (var files = Files.list(directory)) {
                assertThat(files).containsExactly(path());
            }
        }
        assertThat(path()).doesNotExist();
    }

    @Test
    void replacesWhatADeadDaemonLeft() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path()));
        }
        assertThat(path()).exists();
        assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
        assertThat(Vigilant.commandLine().execute("status", "--socket", path().toString()))
                .isEqualTo(Vigilant.FINDINGS);

        try (StatusSocket socket = new StatusSocket(directory, () -> bytes("alive"))) {
            assertThat(ask()).isEqualTo("alive");
        }
        assertThatThrownBy(this::ask).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void leavesAReaderThatTakesNothing() throws IOException {
        String large = "x".repeat(8 << 20);
        try (StatusSocket socket = new StatusSocket(directory, () -> bytes(large));
                SocketChannel idle = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            assertThat(idle.isConnected()).isTrue();
            long start = System.nanoTime();

            assertThat(ask()).isEqualTo(large);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), PATIENCE);
        }
    }

    @Test
    void goesOnWhenADocumentCannotBeMade() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (StatusSocket socket = new StatusSocket(directory, () -> bytes("" + 6 / asked.getAndIncrement()))) {
            assertThat(ask()).isEmpty();
            assertThat(ask()).isEqualTo("6");
        }
    }

    @Test
    void doesNotWaitForADaemonThatHangs() throws IOException {
        try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hanging.bind(UnixDomainSocketAddress.of(path()));

            assertThatThrownBy(() -> StatusSocket.ask(path(), Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("does nothing");
        }
    }

    @Test
    void aDirectoryIsHeldByOneDaemon() throws IOException {
        long pid = ProcessHandle.current().pid();
        try (StateDirectory held = StateDirectory.hold(directory)) {
            assertThatThrownBy(() -> StateDirectory.hold(directory))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("state_directory " + directory + " is in use by the daemon with pid " + pid
                            + ": stop it, or set another in the file of --config");
        }
        StateDirectory.hold(directory).close();
    }

    private Path path() {
        return directory.resolve(StatusSocket.NAME);
    }

    private String ask() throws IOException {
        return new String(StatusSocket.ask(path(), PATIENCE), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
