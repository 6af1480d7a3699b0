// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.ParsedFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in packs as they were read once, in a file beside their jar: to read rules is a third of a start. It is of the build
 * that made it; for any other one, and where classes lie in directories, there is none, and the packs are read from their text.
 *
 * <p>Threading: any. Only records of our own are made of it, whatever the file says ({@link RecordCodec}).
 */
public final class PackArchive {
    private static final Logger LOG = LoggerFactory.getLogger(PackArchive.class);
    private static final String NAME = "built-in.packs";
    private static final String PACKAGES = "dev.vigilant.";

    private final Path file;
    private final String build;

    /**
     * What the packs hold.
     *
     * @param lists all of their lists, expanded
     * @param read what their files gave
     */
    record Packs(Map<String, List<Object>> lists, ParsedFile read) {
        Packs {
            lists = Map.copyOf(lists);
        }
    }

    /** @param build what tells the build that makes it from any other one */
    PackArchive(Path file, String build) {
        this.file = file;
        this.build = build;
    }

    /**
     * Reads the packs and keeps them, if their build comes in jars.
     *
     * @throws IOException when it cannot be written
     */
    public static void make() throws IOException {
        PackArchive archive = ofThisBuild();
        if (archive != null) {
            archive.write(RuleLoader.packs());
        }
    }

    /** The one of the jars that run, whether its file is there or not; null when they are no jars. */
    static @Nullable PackArchive ofThisBuild() {
        try {
            Path rules = jar(PackArchive.class);
            Path events = jar(KernelEvent.class);
            return rules == null || events == null
                    ? null
                    : new PackArchive(rules.resolveSibling(NAME), identity(rules) + ' ' + identity(events));
        } catch (IOException | URISyntaxException unknown) {
            return null;
        }
    }

    private static @Nullable Path jar(Class<?> type) throws URISyntaxException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URI location = source == null ? null : source.getLocation().toURI();
        if (location == null || !"file".equals(location.getScheme())) {
            return null;
        }
        Path path = Path.of(location);
        return Files.isRegularFile(path) ? path : null;
    }

    /** What the JVM, too, tells by whether its archive of classes is of a jar. */
    private static String identity(Path jar) throws IOException {
        return jar.getFileName() + " " + Files.size(jar) + ' '
                + Files.getLastModifiedTime(jar).toMillis();
    }

    void write(Packs packs) throws IOException {
        Path made = Files.createTempFile(file.toAbsolutePath().getParent(), NAME, null);
        try {
            RecordCodec codec = new RecordCodec(PACKAGES);
            CRC32 sum = new CRC32();
            try (DataOutputStream out = new DataOutputStream(
                    new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(made)), sum))) {
                out.writeUTF(build);
                codec.write(packs.lists(), out);
                codec.write(packs.read(), out);
                out.writeLong(sum.getValue());
            }
            made.toFile().setReadable(true, false);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** What it holds; null when it is not there, or of another build. */
    @Nullable
    Packs read() {
        if (!Files.isReadable(file)) {
            return null;
        }
        RecordCodec codec = new RecordCodec(PACKAGES);
        try {
            byte[] bytes = Files.readAllBytes(file);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            if (!build.equals(in.readUTF())) {
                return null;
            }
            verify(bytes);
            return new Packs(lists(codec.read(in)), (ParsedFile) Objects.requireNonNull(codec.read(in)));
        } catch (IOException | RuntimeException damaged) {
            LOG.warn("{}: cannot be read: {}; the packs are read from their text; remove it", file, damaged.toString());
            return null;
        }
    }

    /** A flipped bit in a path would be a rule that never fires, and nobody would know. */
    private static void verify(byte[] bytes) throws IOException {
        int length = bytes.length - Long.BYTES;
        if (length < 0) {
            throw new EOFException("its end is missing");
        }
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        if (ByteBuffer.wrap(bytes).getLong(length) != sum.getValue()) {
            throw new IOException("its checksum is not that of its content");
        }
    }

    private static Map<String, List<Object>> lists(@Nullable Object read) {
        Map<String, List<Object>> lists = new HashMap<>();
        for (Map.Entry<?, ?> list : ((Map<?, ?>) Objects.requireNonNull(read)).entrySet()) {
            lists.put((String) list.getKey(), List.copyOf((List<?>) list.getValue()));
        }
        return lists;
    }
}
