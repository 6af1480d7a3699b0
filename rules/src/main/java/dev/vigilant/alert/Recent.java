// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of immutable objects, for those that came lately: the same object makes the same bytes. Told apart by identity, as
 * to compare them would take longer than to encode them.
 *
 * <p>Threading: one. Memory: its places, each with an object and fields of at most {@link #MOST_BYTES}.
 *
 * @param <K> immutable objects
 */
final class Recent<K> {
    /** What is longer is made anew each time: attackers choose lengths. */
    private static final int MOST_BYTES = 8192;

    private final @Nullable Entry<K>[] entries;

    private record Entry<K>(K key, byte[] fields) {}

    /** @param places a power of two */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    Recent(int places) {
        entries = new Entry[places];
    }

    /**
     * Writes the fields of an object.
     *
     * @param hash spreads the objects
     * @param fields writes them the first time
     */
    void write(Json json, K key, int hash, Json.Element<K> fields) throws IOException {
        int place = (hash ^ hash >>> 16) & entries.length - 1;
        Entry<K> entry = entries[place];
        if (entry != null && entry.key == key) {
            json.fields(entry.fields);
            return;
        }
        int mark = json.mark();
        fields.write(json, key);
        if (json.mark() - mark <= MOST_BYTES) {
            entries[place] = new Entry<>(key, json.since(mark));
        }
    }
}
