// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextCacheTest {
    private final TextCache cache = new TextCache();

    private String text(String text, int before) {
        byte[] bytes = ("x".repeat(before) + text + "y").getBytes(StandardCharsets.UTF_8);
        return cache.text(bytes, before, bytes.length - before - 1);
    }

    @Test
    void theSameBytesAreTheSameText() {
        for (String text : new String[] {"", "a", "/etc", "/etc/passwd", "/var/lib/ä/ö", "x".repeat(256)}) {
            String first = text(text, 0);
            assertThat(first).isEqualTo(text);
            assertThat(text(text, 3)).isSameAs(first);
        }
    }

    @Test
    void aLongTextIsNotKept() {
        String text = "x".repeat(257);
        assertThat(text(text, 0)).isEqualTo(text).isNotSameAs(text(text, 0));
    }

    @Test
    void whatIsNoUtf8IsReplaced() {
        assertThat(cache.text(new byte[] {'a', (byte) 0xff, 'b'}, 0, 3)).isEqualTo("a\ufffdb");
    }

    /** More texts than there is room for, alike in their beginnings, ends and lengths. */
    @Test
    void everyTextIsItself() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) ('a' + random.nextInt(2));
            }
            assertThat(cache.text(bytes, 0, bytes.length)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
