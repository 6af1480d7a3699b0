// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a daemon says how it is: a Unix domain socket in its state directory, for its owner alone. Who connects gets one document
 * and the end of the stream.
 *
 * <p>Threading: one of its own, which makes the documents too. A reader that takes nothing is left after two seconds, and keeps
 * nobody but other readers waiting.
 */
final class StatusSocket implements AutoCloseable {
    /** Its name in the state directory. */
    static final String NAME = "status.sock";

    private static final Logger LOG = LoggerFactory.getLogger(StatusSocket.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Without descriptors nobody can be let in, and asking again at once would not help. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final int BACKLOG = 8;
    private static final int MAX_DOCUMENT = 16 << 20;

    private final Path path;
    private final ServerSocketChannel server;
    private final Supplier<byte[]> document;
    private final Thread thread = new Thread(this::serve, "vigilant-status");

    /**
     * Begins to answer. A socket that another daemon left is replaced, so the directory must be held.
     *
     * @param document made anew for each who asks
     * @throws IOException when there can be no socket: a path of more than 100 bytes, a file system without them
     */
    StatusSocket(Path directory, Supplier<byte[]> document) throws IOException {
        this.path = directory.resolve(NAME);
        this.document = document;
        this.server = bind(directory, path);
        thread.setDaemon(true);
        thread.start();
    }

    /** The same; what is wrong is said, as detection goes on without. */
    static @Nullable StatusSocket open(Path directory, Supplier<byte[]> document) {
        try {
            return new StatusSocket(directory, document);
        } catch (IOException e) {
            LOG.warn("vigilant status will not work: no socket in {}: {}", directory, e.getMessage());
            return null;
        }
    }

    /** Made where nobody else can reach it, and moved to its place when it has its mode. */
    private static ServerSocketChannel bind(Path directory, Path path) throws IOException {
        Path aside = Files.createTempDirectory(
                directory, ".s", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = aside.resolve("s");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(made), BACKLOG);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(aside);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel reader = server.accept()) {
                answer(reader);
            } catch (ClosedChannelException ended) {
                return;
            } catch (IOException gone) {
                LOG.debug("a reader of the status went away: {}", gone.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (RuntimeException e) {
                LOG.error("no status: {}", e.toString(), e);
            }
        }
    }

    private void answer(SocketChannel reader) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(document.get());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Selector ready = selector(reader, SelectionKey.OP_WRITE)) {
            while (bytes.hasRemaining()) {
                await(ready, deadline);
                reader.write(bytes);
            }
        }
    }

    private static Selector selector(SelectableChannel channel, int operation) throws IOException {
        Selector selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, operation);
        return selector;
    }

    private static void await(Selector ready, long deadline) throws IOException {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0 || ready.select(left) == 0) {
            throw new IOException("the other side of the status socket does nothing");
        }
        ready.selectedKeys().clear();
    }

    /**
     * Asks a daemon.
     *
     * @param patience how long the whole answer may take
     * @throws NoSuchFileException when there is no socket
     * @throws ConnectException when the daemon that made it has ended
     * @throws IOException when it may not be asked or does not answer
     */
    static byte[] ask(Path path, Duration patience) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        long deadline = System.nanoTime() + patience.toNanos();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Selector ready = selector(channel, SelectionKey.OP_READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (answer.size() <= MAX_DOCUMENT) {
                await(ready, deadline);
                int count = channel.read(buffer.clear());
                if (count < 0) {
                    return answer.toByteArray();
                }
                answer.write(buffer.array(), 0, count);
            }
        }
        throw new IOException(path + ": answers without an end");
    }

    /** Answers no more, and takes the socket away. */
    @Override
    public void close() throws IOException {
        if (server.isOpen()) {
            server.close();
            Files.deleteIfExists(path);
        }
    }
}
