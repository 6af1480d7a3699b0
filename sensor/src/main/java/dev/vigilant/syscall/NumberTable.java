// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and their names, from a resource of lines {@code NUMBER NAME}. Immutable once read. */
public final class NumberTable {
    /** By number; where there is no name, null. */
    private final @Nullable String[] names;

    private final Map<String, Integer> numbers = new HashMap<>();

    /** @param beside a class of the package that has the resource */
    public NumberTable(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + resource);
            }
            Map<Integer, String> named = new HashMap<>();
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int blank = line.indexOf(' ');
                int number = Integer.parseInt(line.substring(0, blank));
                String name = line.substring(blank + 1);
                named.putIfAbsent(number, name);
                numbers.putIfAbsent(name, number);
            }
            names = new String[named.isEmpty() ? 0 : Collections.max(named.keySet()) + 1];
            named.forEach((number, name) -> names[number] = name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name, or null. */
    public @Nullable String name(int number) {
        return number >= 0 && number < names.length ? names[number] : null;
    }

    /** The number, or -1. */
    public int number(String name) {
        return numbers.getOrDefault(name, -1);
    }
}
