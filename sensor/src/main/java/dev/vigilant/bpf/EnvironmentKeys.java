// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.jna.BpfObject;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.source.EnvironmentDemand;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The kernel's tables of the variables that rules ask for: environment.h. What it has no room for makes the kernel tell the whole
 * environment, which {@link RecordEnvironment} cuts.
 *
 * <p>Threading: the sensor thread.
 */
final class EnvironmentKeys {
    private static final String MAP = "environment";

    /** KEY_MAX, with the zero at the end. */
    private static final int KEY_BYTES = 64;

    private static final int MAX_KEYS = 1000;
    private static final byte[] ASKED = new byte[KEY_BYTES];
    private static final long KEYS = 1;
    private static final long WHOLE = 2;

    private final BpfObject object;
    private final ControlTables tables;
    private final Set<String> put = new LinkedHashSet<>();

    EnvironmentKeys(BpfObject object, ControlTables tables) {
        this.object = object;
        this.tables = tables;
    }

    /** Says what is asked from now on; what was asked before and still is, is told all the time. */
    void put(EnvironmentDemand demand) throws NativeFailure {
        Set<String> wanted = wanted(demand);
        boolean whole = demand.whole() || !demand.texts().isEmpty() || !wanted.containsAll(demand.keys());
        demand.texts().forEach(text -> wanted.addAll(spelt(text)));
        for (String key : wanted) {
            if (put.add(key)) {
                object.put(MAP, padded(key), 1);
            }
        }
        tellFirstBytes();
        if (whole || !wanted.isEmpty()) {
            object.put(MAP, ASKED, whole ? WHOLE : KEYS);
        } else {
            object.remove(MAP, ASKED);
        }
        put.removeIf(key -> {
            if (!wanted.contains(key)) {
                object.remove(MAP, padded(key));
                return true;
            }
            return false;
        });
        tellFirstBytes();
    }

    private void tellFirstBytes() {
        tables.environmentKeys(put.stream().map(EnvironmentKeys::padded).toList());
    }

    /** The keys that the kernel can look for. */
    private Set<String> wanted(EnvironmentDemand demand) {
        Set<String> wanted = new LinkedHashSet<>();
        demand.keys().stream()
                .filter(key -> !key.isEmpty() && key.getBytes(StandardCharsets.UTF_8).length < KEY_BYTES)
                .sorted()
                .limit(MAX_KEYS)
                .forEach(wanted::add);
        return wanted;
    }

    /** A text may be looked for as the name of a variable, of which the kernel tells wherever it is. */
    private static List<String> spelt(String text) {
        String key = text.substring(0, text.indexOf('=') < 0 ? text.length() : text.indexOf('='));
        boolean possible = !key.isEmpty() && key.getBytes(StandardCharsets.UTF_8).length < KEY_BYTES;
        return possible ? List.of(key, key.toUpperCase(Locale.ROOT)) : List.of();
    }

    private static byte[] padded(String key) {
        return Arrays.copyOf(key.getBytes(StandardCharsets.UTF_8), KEY_BYTES);
    }
}
