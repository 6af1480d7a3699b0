// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and their names, from a resource of lines {@code NUMBER NAME}. Immutable once read. */
public final class NumberTable {
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** @param beside a class of the package that has the resource */
    public NumberTable(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + resource);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int blank = line.indexOf(' ');
                int number = Integer.parseInt(line.substring(0, blank));
                String name = line.substring(blank + 1);
                names.putIfAbsent(number, name);
                numbers.putIfAbsent(name, number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name, or null. */
    public @Nullable String name(int number) {
        return names.get(number);
    }

    /** The number, or -1. */
    public int number(String name) {
        return numbers.getOrDefault(name, -1);
    }
}
