// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds rule and list files: on the class path, where the built-in packs lie, and where the user says. */
public final class RulePacks {
    private static final String DIRECTORY = "dev/vigilant/packs";
    private static final String SELF = "dev/vigilant/rules/RulePacks.class";

    private RulePacks() {}

    /** The files of the built-in packs, in the order of their names; none if this build ships none. */
    public static List<RuleSource> builtIn() {
        // Asked from this class, because a jar need not have an entry for the directory itself.
        URL self = RulePacks.class.getResource(RulePacks.class.getSimpleName() + ".class");
        if (self == null) {
            return List.of();
        }
        String root = self.toString();
        return beside(URI.create(root.substring(0, root.length() - SELF.length())));
    }

    /** The packs of a class directory, or of a jar given as {@code jar:file:...!/}. */
    static List<RuleSource> beside(URI root) {
        try {
            if (!"jar".equals(root.getScheme())) {
                return builtIn(Path.of(root).resolve(DIRECTORY));
            }
            try (FileSystem opened = open(root)) {
                FileSystem jar = opened == null ? FileSystems.getFileSystem(root) : opened;
                return builtIn(jar.getPath("/" + DIRECTORY));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the built-in rule packs: " + root, e);
        }
    }

    private static List<RuleSource> builtIn(Path directory) throws IOException {
        return Files.isDirectory(directory) ? sources(directory, "builtin:") : List.of();
    }

    /** A file system of the jar, or null if somebody else has it open. */
    private static @Nullable FileSystem open(URI jar) throws IOException {
        try {
            FileSystems.getFileSystem(jar);
            return null;
        } catch (FileSystemNotFoundException e) {
            return FileSystems.newFileSystem(jar, Map.of());
        }
    }

    /** The user's files, and the rule and list files of the user's directories. */
    static List<RuleSource> read(List<Path> paths, List<Problem> refused) {
        List<RuleSource> sources = new ArrayList<>();
        for (Path path : paths) {
            try {
                if (Files.isDirectory(path)) {
                    sources.addAll(sources(path, path + "/"));
                } else if (isPackFile(path)) {
                    sources.add(new RuleSource(path.toString(), Files.readString(path)));
                } else {
                    refuse(
                            refused,
                            path,
                            "neither a .drl, a .lists.yaml nor a .yaml file of Falco's or Sigma's rules, nor a directory of such");
                }
            } catch (IOException e) {
                refuse(refused, path, "cannot be read: " + e);
            }
        }
        return sources;
    }

    private static void refuse(List<Problem> refused, Path path, String reason) {
        refused.add(new Problem("", Position.ofLine(path.toString(), 1), reason));
    }

    private static List<RuleSource> sources(Path directory, String prefix) throws IOException {
        List<RuleSource> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(RulePacks::isPackFile).sorted().toList()) {
                sources.add(new RuleSource(prefix + directory.relativize(file), Files.readString(file)));
            }
        }
        return sources;
    }

    private static boolean isPackFile(Path path) {
        RuleSource source = new RuleSource(path.toString(), "");
        return source.name().endsWith(RuleSource.RULES) || source.lists() || source.foreign();
    }
}
