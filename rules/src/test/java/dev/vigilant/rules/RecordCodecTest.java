// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vigilant.rules.ast.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    /** Of all that records are made of. */
    record Part(
            @Nullable String text,
            long number,
            int small,
            boolean truth,
            @Nullable Object any,
            List<?> list,
            Map<?, ?> map,
            TimeUnit unit,
            Class<?> type) {}

    private static final Part PART = new Part(
            "\u00e4 \0 \ud83d\ude00",
            Long.MIN_VALUE,
            -1,
            true,
            new Position("file", 1, 2),
            Arrays.asList("twice", "twice", null, 7L, 7, false),
            Map.of("a", List.of(), "b", 1L),
            TimeUnit.DAYS,
            Thread.class);

    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new RecordCodec("").write(value, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static @Nullable Object read(String packages, byte[] bytes) throws IOException {
        return new RecordCodec(packages).read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertEquals(PART, read("", written(PART)));
    }

    @Test
    void nothingElseCanBeWritten() {
        assertThrows(IOException.class, () -> written(List.of(new StringBuilder())));
    }

    @Test
    void classesOfOtherPackagesAreRefused() throws IOException {
        byte[] bytes = written(PART);

        assertThrows(IOException.class, () -> read("dev.vigilant.", bytes), "it names a class of Java");
        assertEquals(new Position("f", 1, 1), read("dev.vigilant.", written(new Position("f", 1, 1))));
    }

    @Test
    void damageIsTold() throws IOException {
        byte[] whole = written(PART);
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(whole, round % 2 == 0 ? whole.length : random.nextInt(whole.length));
            for (int i = 0; i < 1 + round % 3 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                read("", bytes);
            } catch (IOException told) {
                // As it should be.
            }
        }
    }
}
