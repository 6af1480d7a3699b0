// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A state directory, held by one daemon at a time: the kernel lets go of the lock when its process ends, however it ends.
 *
 * <p>Threading: one thread.
 */
final class StateDirectory implements AutoCloseable {
    private static final String LOCK = "run.lock";

    private final FileChannel lock;

    private StateDirectory(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Holds a directory that is there.
     *
     * @throws ConfigurationException when another daemon holds it, with its pid and what to do
     */
    static StateDirectory hold(Path directory) throws IOException {
        FileChannel lock = FileChannel.open(
                directory.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (!taken(lock)) {
                throw new ConfigurationException("state_directory " + directory + " is in use by the daemon with pid "
                        + Files.readString(directory.resolve(LOCK)).trim()
                        + ": stop it, or set another in the file of --config");
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            lock.truncate(0);
            lock.write(ByteBuffer.wrap(pid));
            return new StateDirectory(lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean taken(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    /** Lets go. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
